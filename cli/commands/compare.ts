import type { Command } from 'commander';
import {
  compareMembers,
  type MemberPhase,
  type TableMember,
} from '../../shared/inspection/matrix-table.js';
import type { Reason } from '../../shared/inspection/reason.js';
import { CliError, EXIT } from '../cli-error.js';
import type { Client } from '../../client/create-client.js';
import { findInspection } from '../find-inspection.js';
import type { CommandContext } from '../command-context.js';
import { hasEnded } from '../follow/follow-inspection.js';
import { describeMatrix } from '../output/describe-matrix.js';
import { withJson, withUrl, type ServiceOptions } from './url-option.js';

interface CompareOptions extends ServiceOptions {
  readonly json?: boolean;
  readonly all?: boolean;
}

/** `amun compare ID…`: a matrix, or inspections of whatever kind, side by side. */
export function addCompareCommand(program: Command, context: CommandContext): void {
  withJson(withUrl(program.command('compare <id...>')), 'the table')
    .description('compare the variations of a matrix, or several inspections')
    .option('--all', 'show every number that the runs printed')
    .addHelpText(
      'after',
      `
Every row is compared with the first. A difference is shown where chance alone would make one as large
in fewer than 5 of 100 cases (Welch's t-test; docs/matrix.md); it takes three runs or more of each.

Examples:
  amun compare matrix-speed-5b0c6d3e9a1f2748
  amun compare 3f2a 81bc`,
    )
    .action((ids: string[], options: CompareOptions) => compare(ids, options, context));
}

async function compare(
  ids: readonly string[],
  options: CompareOptions,
  context: CommandContext,
): Promise<void> {
  const { terminal } = context;
  const client = context.connect(options.url);
  const answer = await read(client, ids);
  if (options.json === true) terminal.out(`${JSON.stringify(answer)}\n`);
  else terminal.out(describeMatrix(answer.table, { all: options.all === true }));
}

async function read(client: Client, ids: readonly string[]) {
  const [first] = ids;
  const matrices = ids.filter((id) => id.startsWith('matrix-'));
  if (first !== undefined && matrices.length === 1 && ids.length === 1) return client.matrix(first);
  if (matrices.length > 0) {
    const message = 'Compare one matrix, or several inspections; not both at once.';
    throw new CliError(message, { exitCode: EXIT.usage });
  }
  const members: TableMember[] = [];
  for (const id of ids) members.push(await readMember(client, id));
  return { table: compareMembers(members) };
}

async function readMember(client: Client, typed: string): Promise<TableMember> {
  const id = await findInspection(client, typed);
  const status = await client.status(id);
  const member = {
    name: typed,
    inspection_id: id,
    phase: status.phase as MemberPhase,
    reason: status.reason as Reason | null,
    build_reused: status.build.reused,
  };
  return hasEnded(status) ? { ...member, summary: await client.summary(id) } : member;
}
