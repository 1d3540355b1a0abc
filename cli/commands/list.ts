import type { Command } from 'commander';
import type { InspectionList, InspectionSummary } from '../../client/answers.js';
import type { ListFilters } from '../../client/create-client.js';
import type { CommandContext } from '../command-context.js';
import { formatSpan } from '../output/format-time.js';
import { formatTable } from '../output/format-table.js';
import { harmlessLine } from '../output/harmless-text.js';
import { collect } from './parse-label.js';
import { wholeNumber } from './parse-number.js';
import { since } from './parse-since.js';
import { withJson, withUrl, type ServiceOptions } from './url-option.js';

interface ListOptions extends ServiceOptions {
  readonly page: number;
  readonly limit: number;
  readonly phase?: readonly string[];
  readonly label?: readonly string[];
  readonly identifier?: string;
  readonly since?: string;
  readonly json?: boolean;
}

/** `amun list`: inspections, newest first. */
export function addListCommand(program: Command, context: CommandContext): void {
  withJson(withUrl(program.command('list')), 'the page')
    .alias('ls')
    .description('list inspections, newest first')
    .option('--limit <number>', 'how many on a page', wholeNumber(1, 100), 20)
    .option('--page <number>', 'which page, from 1', wholeNumber(1, 1_000_000), 1)
    .option('--phase <phases>', 'only those in one of these phases (with commas)', collect)
    .option('--label <label>', 'only those with this label: key or key=value; repeatable', collect)
    .option('--identifier <text>', 'only those with this identifier')
    .option('--since <time>', 'only those submitted since: 2h, 7d, 2026-01-31', since(Date.now))
    .addHelpText(
      'after',
      '\nExamples:\n  amun list --limit 50\n  amun list --phase queued,running --label team=qa --since 2h',
    )
    .action((options: ListOptions) => list(options, context));
}

async function list(options: ListOptions, context: CommandContext): Promise<void> {
  const { page, limit, phase, label, identifier } = options;
  const filters: ListFilters = { phase, label, identifier, created_after: options.since };
  const found = await context.connect(options.url).list(page, limit, filters);
  const { terminal } = context;
  if (options.json === true) {
    terminal.out(`${JSON.stringify({ ...found, page, limit })}\n`);
    return;
  }
  const isFiltered = Object.values(filters).some((filter) => filter !== undefined);
  if (found.items.length === 0 && (isFiltered || found.total === 0)) {
    terminal.err(
      isFiltered
        ? 'No inspection is like that.\n'
        : 'There are no inspections yet; run one with `amun inspect FILE`.\n',
    );
    return;
  }
  const now = new Date().toISOString();
  const isLabelled = found.items.some(({ labels }) => Object.keys(labels).length > 0);
  const header = ['INSPECTION', 'PHASE', 'REASON', 'TOOK', 'SUBMITTED', 'LABELS'];
  const rows = [header, ...found.items.map((item) => row(item, now))];
  terminal.out(formatTable(isLabelled ? rows : rows.map((cells) => cells.slice(0, -1))));
  tellOfMore(found, options, isFiltered, context);
}

function tellOfMore(
  { items, total }: InspectionList,
  { page, limit }: ListOptions,
  isFiltered: boolean,
  { terminal }: CommandContext,
): void {
  const last = (page - 1) * limit + items.length;
  if (total === null ? items.length < limit : last >= total) return;
  const count = total === null ? 'There may be more' : `${last} of ${total}`;
  const next = `--page ${page + 1} --limit ${limit}`;
  const command = isFiltered ? `the same with \`${next}\`` : `\`amun list ${next}\``;
  terminal.err(`${count}; ${command} shows more.\n`);
}

function row(item: InspectionSummary, now: string): string[] {
  const ago = formatSpan(item.created, now);
  const labels = Object.entries(item.labels).map(([key, value]) => `${key}=${value}`);
  return [
    item.inspection_id,
    item.phase,
    item.reason ?? '-',
    formatSpan(item.created, item.finished) ?? '-',
    ago === undefined ? '-' : `${ago} ago`,
    harmlessLine(labels.join(',')),
  ];
}
