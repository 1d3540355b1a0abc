import type { Command } from 'commander';
import type { Advice } from '../../client/answers.js';
import { CliError, EXIT } from '../cli-error.js';
import type { CommandContext } from '../command-context.js';
import { findInspection } from '../find-inspection.js';
import { describeAdvice } from '../output/describe-advice.js';
import { withJson, withUrl, type ServiceOptions } from './url-option.js';

interface AdviceOptions extends ServiceOptions {
  readonly json?: boolean;
  readonly lock?: boolean;
}

/** `amun advice ID`: what Thoth recommended for an inspection, and why. */
export function addAdviceCommand(program: Command, context: CommandContext): void {
  withJson(withUrl(program.command('advice <id>')), 'the advice')
    .description('tell what Thoth advised for an inspection, and why')
    .option('--lock', 'print the recommended Pipfile.lock, and nothing else')
    .addHelpText(
      'after',
      '\nExamples:\n  amun advice 3f2a\n  amun advice 3f2a --lock >Pipfile.lock',
    )
    .action((id: string, options: AdviceOptions) => showAdvice(id, options, context));
}

async function showAdvice(
  typed: string,
  options: AdviceOptions,
  context: CommandContext,
): Promise<void> {
  const client = context.connect(options.url);
  const id = await findInspection(client, typed);
  const advice = await client.advice(id);
  if (options.lock === true) context.terminal.out(lockOf(id, advice));
  else if (options.json === true) context.terminal.out(`${JSON.stringify(advice)}\n`);
  else context.terminal.out(describeAdvice(advice));
}

/** As pipenv writes it. */
function lockOf(id: string, { requirements_locked: lock, message }: Advice): string {
  if (lock !== null) return `${JSON.stringify(lock, null, 4)}\n`;
  throw new CliError(`${id} has no lock of Thoth's: ${message}`, { exitCode: EXIT.failed });
}
