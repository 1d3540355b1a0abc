import type { Command } from 'commander';
import type { CommandContext } from '../command-context.js';
import { endProcess } from '../up/end-process.js';
import { endLeftoverNats } from '../up/leftover-nats.js';
import { locateStack } from '../up/stack-directory.js';
import { findRunningStack } from '../up/stack-lock.js';
import { stackDirectory } from './up.js';

interface DownOptions {
  readonly dir?: string;
  readonly json?: boolean;
}

/** Every group of processes may take its time to finish what is in hand. */
const GRACE_MS = 120_000;

/** `amun down`: ends the `amun up` of a state folder, wherever it was started. */
export function addDownCommand(program: Command, context: CommandContext): void {
  program
    .command('down')
    .description('end the service that `amun up` runs on this machine')
    .option('--dir <folder>', 'its state folder (default: AMUN_DIR, else .amun here)')
    .option('--json', 'print what was ended as JSON')
    .addHelpText('after', '\nExample:\n  amun down --dir /var/tmp/amun')
    .action((options: DownOptions) => down(options, context));
}

async function down(options: DownOptions, context: CommandContext): Promise<void> {
  const stack = locateStack(stackDirectory(options.dir, context));
  const running = findRunningStack(stack);
  const killed = running !== undefined && (await endProcess(running, GRACE_MS)).killed;
  // One that was killed by somebody else has left its nats-server behind.
  const leftover = await endLeftoverNats(stack);
  const { terminal } = context;
  if (options.json === true) {
    const ended = { running: running?.pid ?? null, killed, nats_server: leftover ?? null };
    terminal.out(`${JSON.stringify({ directory: stack.root, ended })}\n`);
  } else if (running !== undefined) {
    const how = killed ? ' It did not end by itself and was killed.' : '';
    terminal.out(`Ended \`amun up\` with pid ${running.pid} in ${stack.root}.${how}\n`);
  } else if (leftover !== undefined) {
    terminal.out(`Ended nats-server ${leftover}, left behind in ${stack.root}.\n`);
  } else {
    terminal.out(`Nothing runs in ${stack.root}; name another folder with --dir.\n`);
  }
}
