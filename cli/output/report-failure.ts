import { ApiError, isPassing, UnreachableError } from '../../client/api-error.js';
import { isAmunError } from '../../shared/errors/amun-error.js';
import { CliError, EXIT, type ExitCode } from '../cli-error.js';
import { harmlessLine } from './harmless-text.js';

export interface Failure {
  readonly exitCode: ExitCode;
  /** What happened and what to do, then one finding a line. */
  readonly lines: readonly string[];
}

const REFUSALS = ['InvalidSpecification', 'InvalidRequest', 'TooLarge', 'UnsupportedMediaType'];

/** What to tell the user of a failure, whatever it is. */
export function describeFailure(error: unknown): Failure {
  if (error instanceof CliError) {
    return { exitCode: error.exitCode, lines: [error.message, ...error.details] };
  }
  if (error instanceof UnreachableError) {
    const advice = 'start it with `amun up`, or name another service by --url or AMUN_URL';
    return {
      exitCode: EXIT.unreachable,
      lines: [`Nothing answers on ${error.url}; ${advice}.`],
    };
  }
  if (error instanceof ApiError) return describeApiError(error);
  // Of a setting, for example: its sentence says all there is to say.
  if (isAmunError(error)) {
    const exitCode = error.code === 'InvalidRequest' ? EXIT.usage : EXIT.failed;
    return { exitCode, lines: [error.message] };
  }
  const said = error instanceof Error ? error.message : String(error);
  const advice = 'Set AMUN_LOG_LEVEL=debug to see where.';
  return { exitCode: EXIT.failed, lines: [`amun itself failed: ${said}`, advice] };
}

function describeApiError(error: ApiError): Failure {
  const findings = error.details.map(
    ({ pointer, message }) =>
      `  ${harmlessLine(pointer) || '(whole document)'}: ${harmlessLine(message)}`,
  );
  const said = harmlessLine(headlineOf(error));
  const refused = error.code !== undefined && REFUSALS.includes(error.code);
  const again = isPassing(error) ? ' Try again in a moment; `amun doctor` looks for causes.' : '';
  return {
    exitCode: isPassing(error) ? EXIT.unreachable : refused ? EXIT.usage : EXIT.failed,
    lines: [`${said}${again}`, ...findings],
  };
}

/** What the service said, less its first finding, which follows on a line of its own with its place. */
function headlineOf({ message, details }: ApiError): string {
  const ending = `: ${details[0]?.message ?? ''}`;
  if (details.length === 0 || !message.endsWith(ending)) return message;
  return `${message.slice(0, -ending.length).replace(/, the first of them$/, '')}:`;
}
