import type { Command } from 'commander';
import { UnreachableError } from '../../client/api-error.js';
import { EXIT } from '../cli-error.js';
import type { CommandContext } from '../command-context.js';
import { findInspection } from '../find-inspection.js';
import { describeFailure } from '../output/report-failure.js';
import { withJson, withUrl, type ServiceOptions } from './url-option.js';

interface DeleteOptions extends ServiceOptions {
  readonly json?: boolean;
}

/** `amun delete ID…`: removes inspections that have ended. */
export function addDeleteCommand(program: Command, context: CommandContext): void {
  withJson(withUrl(program.command('delete <id...>')), 'the ids that were deleted')
    .alias('rm')
    .description('remove inspections that have ended, with all that they left')
    .addHelpText('after', '\nExample:\n  amun delete 3f2a hello')
    .action((ids: string[], options: DeleteOptions) => deleteAll(ids, options, context));
}

/** One that cannot be deleted is told and passed over; a service that is away ends all of it. */
async function deleteAll(
  typed: readonly string[],
  options: DeleteOptions,
  context: CommandContext,
): Promise<void> {
  const { terminal, signal } = context;
  const client = context.connect(options.url);
  const deleted: string[] = [];
  for (const one of typed) {
    try {
      const id = await findInspection(client, one);
      await client.delete(id);
      deleted.push(id);
      if (options.json !== true) terminal.out(`${id} is deleted.\n`);
    } catch (error) {
      if (signal.aborted || error instanceof UnreachableError) throw error;
      terminal.err(
        describeFailure(error)
          .lines.map((line) => `${line}\n`)
          .join(''),
      );
      context.end(EXIT.failed);
    }
  }
  if (options.json === true) terminal.out(`${JSON.stringify({ deleted })}\n`);
}
