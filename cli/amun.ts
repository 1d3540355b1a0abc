import { realpathSync } from 'node:fs';
import { dirname } from 'node:path';
import { loadCliConfig } from '../shared/config/cli-config.js';
import { processTerminal } from './output/terminal.js';
import { runProgram } from './program.js';

/** The entry of the command line; `program.ts` has the commands. */
const interrupted = new AbortController();
process.on('SIGINT', () => interrupted.abort());

// Whoever reads our output may leave early (`amun logs … | head`): then there is nothing left to do.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', () => interrupted.abort());
}

// npx starts us by a link; the other programs lie beside the file itself: dist/cli/amun.js.
const self = realpathSync(process.argv[1] ?? '.');

void runProgram(process.argv.slice(2), {
  terminal: processTerminal(),
  config: loadCliConfig(),
  signal: interrupted.signal,
  programs: dirname(dirname(self)),
}).then((exitCode) => {
  process.exitCode = exitCode;
});
