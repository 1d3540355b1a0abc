import type { Command } from 'commander';
import { ApiError } from '../../client/api-error.js';
import type { Client } from '../../client/create-client.js';
import { findInspection } from '../find-inspection.js';
import type { CommandContext } from '../command-context.js';
import { wholeNumber } from './parse-number.js';
import { withUrl, type ServiceOptions } from './url-option.js';

interface ResultsOptions extends ServiceOptions {
  readonly item?: number;
  readonly json?: boolean;
}

/** `amun results ID`: the reports that the runs left, as JSON. */
export function addResultsCommand(program: Command, context: CommandContext): void {
  withUrl(program.command('results <id>'))
    .description('print the reports of all runs as a JSON array, or of one run as an object')
    .option('--item <number>', 'which run of a batch, from 0', wholeNumber(0, 999))
    .option('--json', 'on one line')
    .addHelpText(
      'after',
      '\nA run without a report counts as null.\n\nExample:\n  amun results 3f2a --item 0',
    )
    .action((id: string, options: ResultsOptions) => results(id, options, context));
}

async function results(
  typed: string,
  options: ResultsOptions,
  context: CommandContext,
): Promise<void> {
  const client = context.connect(options.url);
  const id = await findInspection(client, typed);
  const indent = options.json === true ? undefined : 2;
  const { terminal } = context;
  if (options.item !== undefined) {
    terminal.out(`${JSON.stringify(await client.result(id, options.item), null, indent)}\n`);
    return;
  }
  // One at a time: a thousand reports need not be in memory together.
  const size = await client.batchSize(id);
  const separator = indent === undefined ? ',' : ',\n';
  terminal.out('[');
  for (let item = 0; item < size; item += 1) {
    const report = await resultOrNull(client, id, item);
    terminal.out(`${item === 0 ? '' : separator}${JSON.stringify(report, null, indent)}`);
  }
  terminal.out(']\n');
}

async function resultOrNull(client: Client, id: string, item: number): Promise<unknown> {
  try {
    return await client.result(id, item);
  } catch (error) {
    if (error instanceof ApiError && error.status === 404) return null;
    throw error;
  }
}
