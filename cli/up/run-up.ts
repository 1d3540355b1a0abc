import { once } from 'node:events';
import { dirname } from 'node:path';
import { CliError, EXIT, type ExitCode } from '../cli-error.js';
import { findProgram } from '../find-program.js';
import type { Terminal } from '../output/terminal.js';
import { findFreePorts, isPortFree } from './free-ports.js';
import { endLeftoverNats, forgetNats } from './leftover-nats.js';
import { writeNatsConfig } from './nats-config.js';
import { checkCluster } from './check-cluster.js';
import { checkExportTarget } from './check-export.js';
import { assignPorts, planStack, PORT_COUNT, type StackCluster } from './plan-stack.js';
import { prepareStack, type StackDirectory } from './stack-directory.js';
import { releaseStack, takeStack } from './stack-lock.js';
import { Stack } from './stack.js';
import { listenForStop } from './stop-signals.js';

export interface UpOptions {
  readonly directory: string;
  /** 0: any free one. */
  readonly port: number;
  readonly programs: string;
  /** Where programs are looked for. */
  readonly path: string;
  readonly terminal: Terminal;
  readonly cluster: StackCluster;
  /** End also when the process that started this one is gone. */
  readonly endWithParent: boolean;
}

/** Runs a whole stack in the foreground until a signal; resolves when everything has ended. */
export async function runUp(options: UpOptions): Promise<ExitCode> {
  const natsServer = findProgram('nats-server', options.path);
  if (natsServer === undefined) {
    throw new CliError('nats-server is not installed; `amun doctor` says how to install it.');
  }
  for (const told of [await checkCluster(options.cluster), await checkExportTarget()]) {
    if (told !== undefined) options.terminal.err(`${told}\n`);
  }
  const directory = prepareStack(options.directory);
  const port = options.port === 0 ? ((await findFreePorts(1))[0] ?? 0) : options.port;
  takeStack(directory, port);
  try {
    if (!(await isPortFree(port))) throw portTaken(port);
    const leftover = await endLeftoverNats(directory);
    if (leftover !== undefined) {
      options.terminal.err(`Ended nats-server ${leftover}, left behind by an earlier start.\n`);
    }
    return await runStack(directory, port, natsServer, options);
  } finally {
    releaseStack(directory);
  }
}

async function runStack(
  directory: StackDirectory,
  port: number,
  natsServer: string,
  { programs, terminal, cluster, endWithParent }: UpOptions,
): Promise<ExitCode> {
  const ports = assignPorts(port, await findFreePorts(PORT_COUNT));
  writeNatsConfig(directory, ports.nats);
  const stack = new Stack(planStack(directory, ports, programs, natsServer, cluster), {
    cwd: dirname(programs),
    onRestart: (line) => terminal.err(`${line}\n`),
  });
  let exitCode: ExitCode = EXIT.succeeded;
  const signals = listenForStop(() => {
    exitCode = EXIT.interrupted;
    terminal.err('Ending everything at once.\n');
    stack.kill();
  }, endWithParent);
  try {
    await start(stack, signals.first, directory);
    if (!signals.first.aborted) {
      terminal.out(`ready on http://127.0.0.1:${port}\n`);
      terminal.err(`State and logs are in ${directory.root}; Ctrl-C ends everything.\n`);
      await once(signals.first, 'abort');
    }
    terminal.err('Ending what is in hand; another Ctrl-C ends it at once.\n');
  } finally {
    await stack.stop();
    forgetNats(directory);
    signals.release();
  }
  return exitCode;
}

async function start(stack: Stack, signal: AbortSignal, directory: StackDirectory): Promise<void> {
  try {
    await stack.start(signal);
  } catch (error) {
    if (signal.aborted) return;
    const said = error instanceof Error ? error.message : String(error);
    throw new CliError(
      `The stack did not start: ${said}\nAll logs are in ${directory.logs}; \`amun doctor\` looks for causes.`,
      {
        cause: error,
      },
    );
  }
}

function portTaken(port: number): CliError {
  const other = port < 65_535 ? port + 1 : port - 1;
  return new CliError(
    `Port ${port} of 127.0.0.1 is taken by another program; choose one with --port, for example --port ${other}.`,
    { exitCode: EXIT.usage },
  );
}
