import type { Command } from 'commander';
import { loadConfig } from '../../shared/config/config.js';
import { EXIT } from '../cli-error.js';
import type { CommandContext } from '../command-context.js';
import { examine, type Diagnosis } from '../doctor/examine.js';
import type { Finding } from '../doctor/finding.js';
import { formatTable } from '../output/format-table.js';
import { choosePort, stackDirectory } from './up.js';
import { wholeNumber } from './parse-number.js';
import { withJson } from './url-option.js';

interface DoctorOptions {
  readonly dir?: string;
  readonly port?: number;
  readonly json?: boolean;
}

/** `amun doctor`: what is missing on this machine, and the command that mends it. */
export function addDoctorCommand(program: Command, context: CommandContext): void {
  withJson(program.command('doctor'), 'what was found')
    .description('say what this machine lacks for `amun up`, and the command that mends it')
    .option('--dir <folder>', 'the state folder (default: AMUN_DIR, else .amun here)')
    .option('--port <port>', 'the port to look at', wholeNumber(1, 65_535))
    .addHelpText(
      'after',
      '\nExit code 1 where something that is needed is missing.\n\nExample:\n  amun doctor',
    )
    .action((options: DoctorOptions) => doctor(options, context));
}

async function doctor(options: DoctorOptions, context: CommandContext): Promise<void> {
  const machine = {
    path: context.config.path,
    osRelease: '/etc/os-release',
    platform: process.platform,
    nodeVersion: process.versions.node,
    directory: stackDirectory(options.dir, context),
    port: choosePort(options.port, context),
    programs: context.programs,
  };
  const diagnosis = await examine(machine, loadConfig());
  context.end(diagnosis.ready ? EXIT.succeeded : EXIT.failed);
  const text = options.json === true ? `${JSON.stringify(diagnosis)}\n` : describe(diagnosis);
  context.terminal.out(text);
}

function describe({ ready, checks, install }: Diagnosis): string {
  const table = formatTable(checks.map((check) => [verdict(check), check.name, tell(check)]));
  const end = ready ? 'This machine has what Amun needs.' : 'Something that Amun needs is missing.';
  const command =
    install === undefined ? '' : ` Install what packages can mend with:\n  ${install}`;
  return `${table}\n${end}${command}\n`;
}

function verdict(check: Finding): string {
  if (check.ok) return 'ok';
  return check.needed ? 'MISSING' : 'limited';
}

function tell({ ok, detail, remedy }: Finding): string {
  return ok || remedy === undefined ? detail : `${detail}; ${remedy}`;
}
