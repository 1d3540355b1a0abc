import { isFinal, PHASES } from '../shared/inspection/phase.js';
import type { InspectionStatus } from './answers.js';
import { callOperation } from './call-operation.js';
import { createClient, type Client } from './create-client.js';
import { followEvents, type InspectionEvent } from './follow-events.js';
import type { Answer, Input, OperationId, Schemas } from './operations.js';
import { persist } from './persist.js';
import { createTransport } from './transport.js';

/** Which inspections are wanted; all conditions must hold. */
export type InspectionFilter = Omit<
  NonNullable<Input<'listInspections'>['query']>,
  'page' | 'cursor' | 'details'
>;

export interface FollowOptions {
  /** Numbers of the runs whose state and output are wanted, at most 20; by default the first 20. */
  readonly items?: readonly number[];
  /** Whether the build's log is wanted; by default it is. */
  readonly buildLog?: boolean;
  /** Called whenever the service does not answer, or the connection is lost. */
  readonly onTrouble?: () => void;
}

/**
 * Amun's REST API. Every method throws ApiError where the service refuses, UnreachableError where it
 * does not answer, and what the signal was aborted with.
 */
export interface AmunClient extends Omit<Client, 'follow' | 'list' | 'result'> {
  /** Any operation of the API's document by its operationId, typed as the document has it. */
  call<Id extends OperationId>(id: Id, input: Input<Id>): Promise<Answer<Id>>;
  /** Every inspection that fits, the newest first, page by page as they are asked for. */
  inspections(filter?: InspectionFilter): AsyncGenerator<Schemas['InspectionItem'], void>;
  /** The status once the inspection has ended. A service that is away is waited for, a minute at most. */
  waitForEnd(id: string): Promise<InspectionStatus>;
  /** The specification as it is stored, with its defaults; it can be submitted again as it is. */
  specification(id: string): Promise<Schemas['CompleteSpecification']>;
  /** What a run left: its exit code, output, resource usage and the hardware it ran on. */
  report(id: string, item?: number): Promise<Schemas['Report']>;
  /** What happens to an inspection, each event once, up to its end, also across lost connections. */
  follow(id: string, options?: FollowOptions): AsyncGenerator<InspectionEvent, void>;
}

/** The longest that one request waits for the end of an inspection, seconds. */
const LONGEST_WAIT_S = 50;
/** As many runs as the service tells of where none are named. */
const FIRST_RUNS = 20;

/**
 * A client of the service at `url` ("http://127.0.0.1:8080", with or without /api/v1). `signal` ends
 * everything that is under way.
 */
export function createAmunClient(url: string, signal?: AbortSignal): AmunClient {
  const transport = createTransport(url);
  const client = createClient(url, signal);
  const call = <Id extends OperationId>(id: Id, input: Input<Id>): Promise<Answer<Id>> =>
    callOperation(transport, id, input, signal);
  const ends = signal ?? new AbortController().signal;

  return {
    ...client,
    call,
    async *inspections(filter = {}) {
      let cursor: string | null | undefined = 'start';
      while (cursor != null) {
        const query: Input<'listInspections'>['query'] = { ...filter, cursor, details: true };
        const page: Schemas['InspectionList'] = await call('listInspections', { query });
        yield* page.items ?? [];
        cursor = page.next_cursor;
      }
    },
    async waitForEnd(id) {
      for (;;) {
        const ask = () => client.status(id, { wait: LONGEST_WAIT_S });
        const status = await persist(ask, ends, () => undefined);
        const phase = PHASES.find((known) => known === status.phase);
        if (phase !== undefined && isFinal(phase)) return status;
      }
    },
    async specification(id) {
      return (await call('getSpecification', { path: { id } })).specification;
    },
    async report(id, item = 0) {
      return (await call('getRunResult', { path: { id, item } })).result;
    },
    async *follow(id, { items, buildLog = true, onTrouble = () => undefined } = {}) {
      const wanted = items ?? firstOf(await client.batchSize(id));
      yield* followEvents(client, id, { items: wanted, buildLog }, ends, onTrouble);
    },
  };
}

function firstOf(batchSize: number): number[] {
  return Array.from({ length: Math.min(batchSize, FIRST_RUNS) }, (_, item) => item);
}
