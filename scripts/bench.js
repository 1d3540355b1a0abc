// Measures Amun against bare floors: `npm run bench`, or `npm run bench -- submit status` for some.
import { join } from 'node:path';
import { build } from 'esbuild';
import { ensureBuilt } from './ensure-built.js';
import { makeBusyboxBase } from './make-base-image.js';
import { ROOT } from './root.js';
import { runCommand } from './run-command.js';

const PROGRAM = join(ROOT, 'dist/bench/main.js');

const say = (line) => console.error(line);

// The benches get the signal too: they put away what they started, and then both end.
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => undefined);

if (!(await ensureBuilt(say))) process.exit(1);
await build({
  entryPoints: [join(ROOT, 'bench/main.ts')],
  outfile: PROGRAM,
  bundle: true,
  platform: 'node',
  target: 'node20',
  format: 'cjs',
  loader: { '.sh': 'text', '.py': 'text' },
  logLevel: 'warning',
});
const { code } = await runCommand(process.execPath, [PROGRAM, ...process.argv.slice(2)], {
  show: true,
  environment: { AMUN_BENCH_BASE: await makeBase() },
});
process.exitCode = code ?? 1;

/** Empty where no container engine can make one: benches that need it say so then. */
async function makeBase() {
  try {
    return await makeBusyboxBase();
  } catch (error) {
    say(error.message);
    return '';
  }
}
