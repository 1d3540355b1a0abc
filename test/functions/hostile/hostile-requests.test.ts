import { parse as parseQuery } from 'node:querystring';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import * as statusFunction from '../../../functions/status/route.js';
import * as submitFunction from '../../../functions/submit/route.js';
import { submit } from '../../../functions/submit/submit.js';
import { runHandler } from '../../../services/function-host/run-handler.js';
import { createHandler, type Request } from '../../../shared/http/create-handler.js';
import { createLog } from '../../../shared/log/create-log.js';
import { openStage, specify, type Stage } from '../../shared/lifecycle/open-stage.js';
import { runUntilQuiet } from '../../shared/lifecycle/run-until-quiet.js';
import { OPERATIONS, type DocumentedOperation } from '../../shared/api/api-document.js';
import { openApi, type OpenApi } from '../open-api.js';
import { makeRequest, type GeneratedRequest } from './make-request.js';
import { Random } from './random.js';
import { sendRaw } from './send-raw.js';

const IN_PROCESS = 97_000;
const OVER_SOCKETS = 3_000;
/** Where memory is first looked at: by then caches are full and code is compiled. */
const WARM = 20_000;
/** What the heap may have grown by from then on; a hundred bytes kept of each request are more. */
const MOST_GROWTH_BYTES = 7 * 1024 * 1024;
const AT_ONCE = 32;
/** Longer than any answer takes. */
const PATIENCE_MS = 60_000;

/** In flight at most: what is accepted stays, and is no leak. */
const MOST_IN_FLIGHT = 40;
/** They do not end by themselves: their own tests read them. */
const STREAM = /\/events(\?|$)/;

const OF_FUNCTIONS = OPERATIONS.filter(({ servedBy }) => servedBy !== 'gateway');

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

function heapUsed(): number {
  collectGarbage();
  return process.memoryUsage().heapUsed;
}

/** Stacks of errors that nobody reads take more time than all the rest. */
const { stackTraceLimit } = Error;

let stage: Stage;
let names: string[];
let random: Random;

beforeAll(async () => {
  Error.stackTraceLimit = 0;
  stage = await openStage({ maxInFlight: MOST_IN_FLIGHT });
  await submit(stage.ports, specify({ batch_size: 2 }));
  await submit(stage.ports, specify({ script: null }));
  await runUntilQuiet(stage);
  names = (await stage.records()).map(({ id }) => id);
  await submit(stage.ports, specify({ identifier: 'waits' }));
  names.push((await stage.newest()).id);
});
afterAll(async () => {
  Error.stackTraceLimit = stackTraceLimit;
  await stage.close();
});
beforeEach(() => {
  random = new Random(20_260_101);
});

/** Makes and sends so many, some at once. @param statuses counts how often each was answered */
async function send(
  count: number,
  operations: readonly DocumentedOperation[],
  one: (request: GeneratedRequest) => Promise<number>,
  statuses: Map<number, number>,
): Promise<void> {
  for (let sent = 0; sent < count; sent += AT_ONCE) {
    const requests = Array.from({ length: Math.min(AT_ONCE, count - sent) }, () =>
      makeRequest(random, names, operations),
    );
    const answered = await Promise.all(requests.map(one));
    for (const [index, status] of answered.entries()) {
      statuses.set(status, (statuses.get(status) ?? 0) + 1);
      if (status >= 500 || status === 0) throw new Error(`${status} for ${show(requests[index]!)}`);
    }
  }
}

function show({ method, target, headers, body }: GeneratedRequest): string {
  const text = body?.toString('latin1').slice(0, 2000) ?? '';
  return `${method} ${target} ${JSON.stringify(headers)} ${text}`;
}

describe('requests of every kind', () => {
  it(`${IN_PROCESS} of them fail no function, and leave nothing behind`, async () => {
    const log = createLog('test', 'silent');
    const serve = ({ route, parametersOf }: typeof submitFunction | typeof statusFunction) =>
      createHandler(
        (request: Request) => route(() => Promise.resolve(stage.ports), request),
        log,
        parametersOf,
      );
    const [forSubmit, forStatus] = [serve(submitFunction), serve(statusFunction)];
    const call = async ({ servedBy, target, ...request }: GeneratedRequest): Promise<number> => {
      const [path = '', query = ''] = target.split('?');
      const served = servedBy === 'submit' ? forSubmit : forStatus;
      const event = { ...request, path, query: parseQuery(query) };
      const outcome = await runHandler(served, event, PATIENCE_MS);
      if (outcome.kind === 'failure') throw new Error(`It threw past its edge: ${target}`);
      return outcome.status;
    };
    const statuses = new Map<number, number>();
    await send(WARM, OF_FUNCTIONS, call, statuses);
    const before = heapUsed();
    await send(IN_PROCESS - WARM, OF_FUNCTIONS, call, statuses);
    const growth = heapUsed() - before;
    expect(growth).toBeLessThan(MOST_GROWTH_BYTES);
    // So that it cannot pass by refusing everything.
    for (const status of [200, 202, 204, 400, 404, 405, 429]) {
      expect([status, statuses.get(status)]).toEqual([status, expect.any(Number)]);
    }
  }, 600_000);

  it(`${OVER_SOCKETS} of them over sockets bring no server down`, async () => {
    const api: OpenApi = await openApi(() => Promise.resolve(stage.ports));
    try {
      const port = Number(new URL(api.url).port);
      const call = (request: GeneratedRequest): Promise<number> =>
        STREAM.test(request.target) ? Promise.resolve(404) : sendRaw(port, request);
      const statuses = new Map<number, number>();
      await send(OVER_SOCKETS, OPERATIONS, call, statuses);
      expect(statuses.get(200)).toBeGreaterThan(0);
      expect((await api.call('/version')).status).toBe(200);
    } finally {
      await api.close();
    }
  }, 600_000);
});
