import { Command, CommanderError } from 'commander';
import { SERVICE_VERSION } from '../shared/inspection/version.js';
import type { CliConfig } from '../shared/config/cli-config.js';
import { EXIT, type ExitCode } from './cli-error.js';
import { createClient } from '../client/create-client.js';
import type { CommandContext } from './command-context.js';
import { addAdviceCommand } from './commands/advice.js';
import { addCancelCommand } from './commands/cancel.js';
import { addCompareCommand } from './commands/compare.js';
import { addDeleteCommand } from './commands/delete.js';
import { addDockerfileCommand } from './commands/dockerfile.js';
import { addDoctorCommand } from './commands/doctor.js';
import { addDownCommand } from './commands/down.js';
import { addEventsCommand } from './commands/events.js';
import { addExportCommand } from './commands/export.js';
import { addInspectCommand } from './commands/inspect.js';
import { addListCommand } from './commands/list.js';
import { addLogsCommand } from './commands/logs.js';
import { addMatrixCommand } from './commands/matrix.js';
import { addResultsCommand } from './commands/results.js';
import { addStatusCommand } from './commands/status.js';
import { addUpCommand } from './commands/up.js';
import { describeFailure } from './output/report-failure.js';
import { parseServiceUrl } from './parse-service-url.js';
import type { Terminal } from './output/terminal.js';

/** In the order in which `amun help` shows them. */
const COMMANDS = [
  addUpCommand,
  addDownCommand,
  addInspectCommand,
  addMatrixCommand,
  addCompareCommand,
  addListCommand,
  addStatusCommand,
  addLogsCommand,
  addResultsCommand,
  addAdviceCommand,
  addExportCommand,
  addCancelCommand,
  addDeleteCommand,
  addDockerfileCommand,
  addEventsCommand,
  addDoctorCommand,
];

/** What a run of the program gets from outside. */
export interface Surroundings {
  readonly terminal: Terminal;
  readonly config: CliConfig;
  readonly signal: AbortSignal;
  readonly programs: string;
}

/** Runs one command line (without the program's own name); resolves to its exit code. */
export async function runProgram(
  words: readonly string[],
  surroundings: Surroundings,
): Promise<ExitCode> {
  const { terminal, config, signal } = surroundings;
  let exitCode: ExitCode = EXIT.succeeded;
  const context: CommandContext = {
    ...surroundings,
    connect: (url) => createClient(parseServiceUrl(url ?? config.url), signal),
    end: (code) => {
      exitCode = code;
    },
  };
  try {
    await createProgram(context).parseAsync(words, { from: 'user' });
    return exitCode;
  } catch (error) {
    // Commander has said already what is wrong, or shown the help that was asked for.
    if (error instanceof CommanderError) {
      return error.exitCode === 0 ? EXIT.succeeded : EXIT.usage;
    }
    if (signal.aborted) return EXIT.interrupted;
    const failure = describeFailure(error);
    terminal.err(failure.lines.map((line) => `${line}\n`).join(''));
    if (config.debug && error instanceof Error) terminal.err(`${error.stack ?? ''}\n`);
    return failure.exitCode;
  }
}

function createProgram(context: CommandContext): Command {
  const { terminal } = context;
  const program = new Command('amun')
    .description('Runs inspections: builds a software stack into an image and a script in it.')
    .version(SERVICE_VERSION, '-V, --version')
    .showHelpAfterError('Try --help.')
    .exitOverride()
    .configureOutput({
      writeOut: (text) => terminal.out(text),
      writeErr: (text) => terminal.err(text),
    })
    .addHelpText(
      'after',
      `
Exit codes: 0 done or succeeded, 1 failed, 2 refused or wrong usage, 3 no service, 130 Ctrl-C.

Example:
  amun up &
  amun inspect examples/hello.yaml`,
    );
  for (const add of COMMANDS) add(program, context);
  return program;
}
