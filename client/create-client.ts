import { asArray, asNumber, asObject, asText } from '../shared/json/read-json.js';
import type {
  Advice,
  BuildLogPart,
  InspectionList,
  InspectionStatus,
  OutputPart,
  Submitted,
} from './answers.js';
import type { RunsSummary } from '../shared/inspection/summarize-runs.js';
import { readAdvice } from './read-advice.js';
import type { MatrixStatus, SubmittedMatrix } from './matrix-answers.js';
import type { Specification } from './operations.js';
import { readMatrix, readRunsSummary, readSubmittedMatrix } from './read-matrix.js';
import { readStatus, readSummary } from './read-status.js';
import { createTransport } from './transport.js';

/** What is wanted of an inspection besides its phase. */
export interface FollowWants {
  /** Numbers of runs, at most 20. */
  readonly items: readonly number[];
  readonly buildLog: boolean;
}

/** A specification, and either variations of it or axes; `set` is a JSON merge patch (RFC 7386). */
export interface MatrixRequest {
  readonly specification: Partial<Specification>;
  readonly variations?: readonly Variation[];
  readonly axes?: Readonly<Record<string, readonly Variation[]>>;
  readonly labels?: Readonly<Record<string, string>>;
}

export interface Variation {
  readonly name?: string;
  readonly set: Readonly<Record<string, unknown>>;
}

export interface SubmitOptions {
  /** Builds anew even where the same stack was built a moment ago. */
  readonly force?: boolean;
  /** Submits once, however often it is called with the same key and specification within a day. */
  readonly idempotencyKey?: string;
}

/** What inspections are to be like; what is undefined does not matter. */
export interface ListFilters {
  readonly phase?: readonly string[] | undefined;
  /** `key`, or `key=value`: all of them. */
  readonly label?: readonly string[] | undefined;
  readonly identifier?: string | undefined;
  /** ISO 8601. */
  readonly created_after?: string | undefined;
  readonly created_before?: string | undefined;
}

/** Amun's REST API. Every method throws ApiError or UnreachableError. */
export interface Client {
  readonly url: string;
  submit(specification: Specification, options?: SubmitOptions): Promise<Submitted>;
  /** @param options.wait the most seconds to wait for its end, at most 50 */
  status(id: string, options?: { readonly wait?: number }): Promise<InspectionStatus>;
  /** Newest first; `page` counts from 1, `limit` is at most 100. */
  list(page: number, limit: number, filters?: ListFilters): Promise<InspectionList>;
  /** Text of the build's log from the byte `offset` on. */
  buildLog(id: string, offset: number): Promise<BuildLogPart>;
  /** What a run wrote since `cursor`; everything where there is none. */
  output(id: string, item: number, cursor: string | undefined): Promise<OutputPart>;
  /** The report that a run left. */
  result(id: string, item: number): Promise<unknown>;
  batchSize(id: string): Promise<number>;
  /** The batch in figures. */
  summary(id: string): Promise<RunsSummary>;
  /** What Thoth advised; refused with 404 where no advice was asked. */
  advice(id: string): Promise<Advice>;
  cancel(id: string): Promise<{ readonly phase: string }>;
  /** Removes an inspection that has ended. */
  delete(id: string): Promise<void>;
  /** Submits a matrix once, however often it is called with one key. */
  submitMatrix(request: MatrixRequest, key: string): Promise<SubmittedMatrix>;
  matrix(id: string): Promise<MatrixStatus>;
  dockerfile(specification: Specification): Promise<string>;
  /** The bus, one event a line, until the signal or the end of the connection. */
  events(signal: AbortSignal): Promise<AsyncIterable<Uint8Array>>;
  /** What happens to an inspection, as a text/event-stream, until its end or the signal. */
  follow(
    id: string,
    wants: FollowWants,
    signal: AbortSignal,
    lastEventId?: string,
  ): Promise<AsyncIterable<Uint8Array>>;
}

/** A client of the service at `url`. `signal` ends every request that is under way. */
export function createClient(url: string, signal?: AbortSignal): Client {
  const transport = createTransport(url);
  const stop = signal === undefined ? {} : { signal };
  const get = (path: string, query: Record<string, string | number | undefined> = {}) =>
    transport.json('GET', path, { query, ...stop });
  const inspection = (id: string): string => `/inspect/${encodeURIComponent(id)}`;

  return {
    url: transport.url,
    async submit(specification, { force = false, idempotencyKey: key } = {}) {
      const query = { force: force ? 'true' : undefined };
      const headers = key === undefined ? {} : { 'idempotency-key': key };
      const options = { body: specification, query, headers, ...stop };
      const fields = asObject(await transport.json('POST', '/inspect', options));
      return {
        inspection_id: asText(fields['inspection_id']) ?? '',
        build_created: fields['build_created'] === true,
      };
    },
    status: async (id, { wait } = {}) =>
      readStatus(await get(`${inspection(id)}/status`, { wait })),
    async list(page, limit, { phase, label, ...filters } = {}) {
      const lists = { phase: phase?.join(','), label: label?.join(',') };
      const query = { page, limit, details: 'true', ...lists, ...filters };
      const fields = asObject(await get('/inspect', query));
      const items = asArray(fields['items']).map(readSummary);
      return { total: asNumber(fields['total']) ?? null, items };
    },
    async buildLog(id, offset) {
      const fields = asObject(await get(`${inspection(id)}/build/log`, { offset }));
      return {
        log: asText(fields['log']) ?? '',
        next_offset: asNumber(fields['next_offset']) ?? offset,
        complete: fields['complete'] === true,
      };
    },
    async output(id, item, cursor) {
      const fields = asObject(await get(`${inspection(id)}/job/${item}/output`, { cursor }));
      const cut = asObject(fields['cut']);
      return {
        stdout: asText(fields['stdout']) ?? '',
        stderr: asText(fields['stderr']) ?? '',
        next_cursor: asText(fields['next_cursor']) ?? cursor,
        complete: fields['complete'] === true,
        cut: { stdout: isCut(cut['stdout']), stderr: isCut(cut['stderr']) },
      };
    },
    async result(id, item) {
      return asObject(await get(`${inspection(id)}/job/${item}/result`))['result'];
    },
    async batchSize(id) {
      return asNumber(asObject(await get(`${inspection(id)}/job/batch-size`))['batch_size']) ?? 1;
    },
    summary: async (id) => readRunsSummary(await get(`${inspection(id)}/job/summary`)),
    advice: async (id) => readAdvice(await get(`${inspection(id)}/advice`)),
    async cancel(id) {
      const fields = asObject(await transport.json('POST', `${inspection(id)}/cancel`, stop));
      return { phase: asText(fields['phase']) ?? 'unknown' };
    },
    async delete(id) {
      await transport.json('DELETE', inspection(id), stop);
    },
    async submitMatrix(request, key) {
      const options = { body: request, headers: { 'idempotency-key': key }, ...stop };
      return readSubmittedMatrix(await transport.json('POST', '/matrix', options));
    },
    matrix: async (id) => readMatrix(await get(`/matrix/${encodeURIComponent(id)}`)),
    async dockerfile(specification) {
      const options = { body: specification, ...stop };
      const body = await transport.json('POST', '/_debug/generate-dockerfile', options);
      return asText(asObject(body)['dockerfile']) ?? '';
    },
    events: (end) => transport.stream('/events', end),
    follow: (id, { items, buildLog }, end, lastEventId) =>
      transport.stream(`${inspection(id)}/events`, end, {
        query: { items: items.join(','), build_log: buildLog },
        headers: lastEventId === undefined ? {} : { 'last-event-id': lastEventId },
      }),
  };
}

/** Services may say how many bytes were cut, or just that some were. */
function isCut(value: unknown): boolean {
  return value === true || (typeof value === 'number' && value > 0);
}
