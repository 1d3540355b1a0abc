import type { Command } from 'commander';
import type { InspectionStatus } from '../../client/answers.js';
import { findInspection } from '../find-inspection.js';
import type { CommandContext } from '../command-context.js';
import { hasEnded } from '../follow/follow-inspection.js';
import { describeAdviceStatus } from '../output/describe-advice-status.js';
import { describeOutcome, describeProgress, explainReason } from '../output/describe-status.js';
import { formatSpan } from '../output/format-time.js';
import { formatTable } from '../output/format-table.js';
import { withJson, withUrl, type ServiceOptions } from './url-option.js';

interface StatusOptions extends ServiceOptions {
  readonly json?: boolean;
}

/** Runs of a batch that are listed one by one. */
const LISTED_RUNS = 20;

/** `amun status ID`: where an inspection is, and why. */
export function addStatusCommand(program: Command, context: CommandContext): void {
  withJson(withUrl(program.command('status <id>')), 'the status')
    .description('tell where an inspection is, or how it ended and why')
    .addHelpText('after', '\nThe beginning of an id is enough.\n\nExample:\n  amun status 3f2a')
    .action((id: string, options: StatusOptions) => status(id, options, context));
}

async function status(
  typed: string,
  options: StatusOptions,
  context: CommandContext,
): Promise<void> {
  const client = context.connect(options.url);
  const found = await client.status(await findInspection(client, typed));
  if (options.json === true) context.terminal.out(`${JSON.stringify(found)}\n`);
  else context.terminal.out(describe(found));
}

function describe(found: InspectionStatus): string {
  const age = formatSpan(found.created, new Date().toISOString());
  const since = age === undefined ? '' : `, submitted ${age} ago`;
  const first = hasEnded(found)
    ? describeOutcome(found)
    : [
        `${found.inspection_id} ${describeProgress(found)}${since}.`,
        ...describeAdviceStatus(found),
      ];
  const build = ['build', found.build.state, explain(found.build.reason, found.build.exit_code)];
  const runs = found.job.runs
    .slice(0, LISTED_RUNS)
    .map((run) => [`run ${run.item}`, run.state, explain(run.reason, run.exit_code)]);
  const more = found.job.runs.length - LISTED_RUNS;
  const rest = more > 0 ? `and ${more} more runs; --json lists them all\n` : '';
  return `${first.join('\n')}\n${formatTable([build, ...runs])}${rest}`;
}

function explain(reason: string | null, exitCode: number | null): string {
  const code = exitCode === null ? '' : `exit code ${exitCode}`;
  if (reason === null) return code;
  return `${code}${code === '' ? '' : ', '}${reason}: ${explainReason(reason)}`;
}
