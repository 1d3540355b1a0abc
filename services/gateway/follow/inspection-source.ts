import type { Dispatcher } from 'undici';
import { AmunError } from '../../../shared/errors/amun-error.js';
import { ERROR_CATALOGUE, type ErrorCode } from '../../../shared/errors/catalogue.js';
import { parseOutputCursor } from '../../../shared/run/output-cursor.js';
import type { FunctionRegistry } from '../function-registry.js';
import { invokeFunction } from '../invoke-function.js';

/** Where an inspection stands, as far as it is told to followers. */
export interface SeenStatus {
  readonly inspection_id: string;
  readonly phase: string;
  readonly reason: string | null;
  readonly message: string | null;
  readonly position: number | null;
  readonly created: string;
  readonly finished: string | null;
  readonly build: { readonly id: string; readonly state: string };
  readonly job: { readonly runs: readonly SeenRun[] };
}

export interface SeenRun {
  readonly item: number;
  readonly state: string;
  readonly exit_code: number | null;
  readonly reason: string | null;
}

/** A piece of the build's log. */
export interface SeenLog {
  readonly text: string;
  readonly to: number;
  readonly complete: boolean;
}

/** A piece of a run's output: of both streams, with where they end, in bytes. */
export interface SeenOutput {
  readonly stdout: { readonly text: string; readonly to: number };
  readonly stderr: { readonly text: string; readonly to: number };
  /** For the next piece. */
  readonly cursor: string;
  readonly complete: boolean;
  readonly cut: { readonly stdout: boolean; readonly stderr: boolean };
}

/** Asks about one inspection. Everything throws what the function answered, as an AmunError. */
export interface InspectionSource {
  status(): Promise<SeenStatus>;
  batchSize(): Promise<number>;
  /** From the byte `offset` on, not beyond `until`. */
  buildLog(offset: number, until?: number): Promise<SeenLog>;
  /** From the cursor on, not beyond the other. */
  output(item: number, cursor: string, until?: string): Promise<SeenOutput>;
}

/** Asks the function `status`, as the API does. Calls are broken off by the signal. */
export function createInspectionSource(
  { functions, agent }: { readonly functions: FunctionRegistry; readonly agent: Dispatcher },
  id: string,
  signal: AbortSignal,
): InspectionSource {
  const ask = async (
    what: string,
    query: Record<string, string | number | undefined> = {},
  ): Promise<unknown> => {
    const target = functions.find('status');
    if (target === undefined) {
      throw new AmunError('Unavailable', 'Function "status" is not served here.');
    }
    const given = Object.entries(query).flatMap(([name, value]) =>
      value === undefined ? [] : [[name, String(value)] as const],
    );
    const search =
      given.length === 0 ? '' : `?${new URLSearchParams(Object.fromEntries(given)).toString()}`;
    const path = `/inspect/${id}/${what}${search}`;
    const invocation = { method: 'GET', path, headers: { accept: 'application/json' }, signal };
    const { statusCode, body } = await invokeFunction(agent, target, invocation);
    const answer = await readAnswer(body);
    if (statusCode !== 200) throw asError(statusCode, answer);
    return answer;
  };
  return {
    status: async () => (await ask('status')) as SeenStatus,
    batchSize: async () => ((await ask('job/batch-size')) as { batch_size: number }).batch_size,
    async buildLog(offset, until) {
      const answer = (await ask('build/log', { offset, until })) as {
        log: string | null;
        next_offset: number;
        complete: boolean;
      };
      return { text: answer.log ?? '', to: answer.next_offset, complete: answer.complete };
    },
    async output(item, cursor, until) {
      const answer = (await ask(`job/${item}/output`, { cursor, until })) as {
        stdout: string;
        stderr: string;
        next_cursor: string;
        complete: boolean;
        cut: SeenOutput['cut'];
      };
      const next = parseOutputCursor(answer.next_cursor);
      if (next === undefined) throw new AmunError('Internal', 'Function "status" gave no cursor.');
      return {
        stdout: { text: answer.stdout, to: next.stdout },
        stderr: { text: answer.stderr, to: next.stderr },
        cursor: answer.next_cursor,
        complete: answer.complete,
        cut: answer.cut,
      };
    },
  };
}

/** Throws Unavailable where the function broke off, or what came is not its own answer. */
async function readAnswer(body: Dispatcher.ResponseData['body']): Promise<object> {
  try {
    const answer: unknown = await body.json();
    if (typeof answer === 'object' && answer !== null) return answer;
    throw new TypeError('Not an object.');
  } catch (cause) {
    const sentence = 'Function "status" gave no answer that can be read; try again later.';
    throw new AmunError('Unavailable', sentence, { cause });
  }
}

/** The function's own refusal, to be told to whoever asked for the stream. */
function asError(status: number, answer: object): AmunError {
  const { code, error } = answer as { code?: unknown; error?: unknown };
  const known = typeof code === 'string' && Object.hasOwn(ERROR_CATALOGUE, code);
  const sentence = typeof error === 'string' ? error : `Function "status" answered ${status}.`;
  return new AmunError(known ? (code as ErrorCode) : 'Unavailable', sentence);
}
