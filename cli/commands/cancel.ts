import type { Command } from 'commander';
import { findInspection } from '../find-inspection.js';
import type { CommandContext } from '../command-context.js';
import { withJson, withUrl, type ServiceOptions } from './url-option.js';

interface CancelOptions extends ServiceOptions {
  readonly json?: boolean;
}

/** `amun cancel ID`: ends an inspection that is under way. */
export function addCancelCommand(program: Command, context: CommandContext): void {
  withJson(withUrl(program.command('cancel <id>')), 'the answer')
    .description('end an inspection that is under way; a build that others share goes on')
    .addHelpText('after', '\nExample:\n  amun cancel 3f2a')
    .action((id: string, options: CancelOptions) => cancel(id, options, context));
}

async function cancel(
  typed: string,
  options: CancelOptions,
  context: CommandContext,
): Promise<void> {
  const client = context.connect(options.url);
  const id = await findInspection(client, typed);
  const { phase } = await client.cancel(id);
  const { terminal } = context;
  if (options.json === true) terminal.out(`${JSON.stringify({ inspection_id: id, phase })}\n`);
  else if (phase === 'cancelled') terminal.out(`${id} is cancelled.\n`);
  else
    terminal.out(
      `${id} is being cancelled (still ${phase}); \`amun status ${id}\` tells when it has ended.\n`,
    );
}
