import type { ServerResponse } from 'node:http';
import { createApiServer } from '../../../../../shared/cluster/kubernetes/api/create-api-server.js';
import {
  listAndWatch,
  type ListAndWatchOptions,
} from '../../../../../shared/cluster/kubernetes/api/list-and-watch.js';
import type { ObjectEvent } from '../../../../../shared/cluster/kubernetes/api/object-event.js';
import { waitUntil } from '../../../../wait-until.js';
import {
  accessTo,
  answerJson,
  answerStatus,
  startTestServer,
  type Received,
  type TestServer,
} from './test-server.js';

export const PODS = '/api/v1/namespaces/n/pods';

type Answer = (response: ServerResponse, request: Received) => void | Promise<void>;

/** A pod as a list has it. */
export function pod(name: string, version: number | string, uid = `uid-${name}`): object {
  return {
    metadata: {
      ...{ name, uid, namespace: 'n', resourceVersion: String(version) },
      managedFields: [{ manager: 'somebody' }],
    },
    status: { phase: 'Running' },
  };
}

/** Answers a list request with all of these at once. */
export function list(version: number | string, ...items: unknown[]): Answer {
  return (response) =>
    answerJson(response, { metadata: { resourceVersion: String(version) }, items });
}

/** Begins a watch with these lines; it stays open. */
export function watch(...lines: (object | string)[]): Answer {
  return (response) => {
    response.writeHead(200);
    response.flushHeaders();
    for (const line of lines) {
      response.write(typeof line === 'string' ? line : `${JSON.stringify(line)}\n`);
    }
  };
}

/** The same, then closes the connection properly. */
export function closedWatch(...lines: (object | string)[]): Answer {
  return async (response, request) => {
    await watch(...lines)(response, request);
    response.end();
  };
}

export function refuse(code: number, reason: string): Answer {
  return (response) => answerStatus(response, code, reason, reason);
}

export const event = (type: string, object: unknown): object => ({ type, object });

/** A server that is listed and watched while a test runs. */
export interface Watched {
  readonly server: TestServer;
  readonly lists: readonly Received[];
  readonly watches: readonly Received[];
  /** What came so far: "present a@3 uid-a", "gone a", "listed". */
  readonly told: readonly string[];
  readonly events: readonly ObjectEvent[];
  readonly warnings: readonly unknown[];
  readonly hasEnded: boolean;
  until(condition: () => boolean): Promise<void>;
  stop(): Promise<void>;
}

/**
 * Lists and watches a server that answers the nth list and the nth watch as given; the last ones
 * again and again.
 */
export async function listAndWatchServer(
  lists: readonly Answer[],
  watches: readonly Answer[] = [watch()],
  options: Partial<ListAndWatchOptions> = {},
): Promise<Watched> {
  const seen = { lists: [] as Received[], watches: [] as Received[] };
  const server = await startTestServer(async (request, response) => {
    const isWatch = request.url.searchParams.get('watch') === 'true';
    const answers = isWatch ? watches : lists;
    const counted = isWatch ? seen.watches : seen.lists;
    const answer = answers[Math.min(counted.length, answers.length - 1)]!;
    counted.push(request);
    await answer(response, request);
  });
  const controller = new AbortController();
  const events: ObjectEvent[] = [];
  const warnings: unknown[] = [];
  const log = { warn: (...fields: unknown[]) => void warnings.push(fields) };
  let hasEnded = false;
  const running = (async () => {
    const api = createApiServer(accessTo(server.url), 60_000);
    const { signal } = controller;
    for await (const one of listAndWatch(api, { path: PODS, signal, log, ...options })) {
      events.push(one);
    }
    hasEnded = true;
  })();
  return {
    server,
    ...seen,
    events,
    warnings,
    get told() {
      return events.map(inWords);
    },
    get hasEnded() {
      return hasEnded;
    },
    until: (condition) => Promise.race([waitUntil(condition), running]),
    async stop() {
      controller.abort();
      await running;
      await server.close();
    },
  };
}

function inWords(one: ObjectEvent): string {
  if (one.type === 'listed') return 'listed';
  const { name, resourceVersion, uid } = one.object.metadata;
  return `${one.type} ${name}@${resourceVersion} ${uid}`;
}
