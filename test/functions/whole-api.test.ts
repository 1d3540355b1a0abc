import { submit } from '../../functions/submit/submit.js';
import type { Ports } from '../../shared/lifecycle/ports.js';
import {
  follow,
  OPERATIONS,
  type DocumentedOperation,
  type DocumentedParameter,
  type Node,
} from '../shared/api/api-document.js';
import { openStage, specify, type Stage } from '../shared/lifecycle/open-stage.js';
import { runUntilQuiet } from '../shared/lifecycle/run-until-quiet.js';
import { openGateway, type Answer } from '../services/gateway/open-gateway.js';
import { openApi, type OpenApi } from './open-api.js';

/** They do not end by themselves: their own tests read them. */
const STREAMS = new Set(['followEvents', 'followInspection']);

const named = (operations: readonly DocumentedOperation[]) =>
  operations.map((operation) => [operation.id, operation] as const);
const ALL = named(OPERATIONS);
const ENDING = named(OPERATIONS.filter(({ id }) => !STREAMS.has(id)));
const QUESTIONS = named(
  OPERATIONS.filter(({ id, method }) => method === 'GET' && !STREAMS.has(id)),
);
const ABOUT_INSPECTION = named(OPERATIONS.filter(({ path }) => /\{(id|matrix_id)\}/.test(path)));
const OF_FUNCTIONS = named(OPERATIONS.filter(({ servedBy }) => servedBy !== 'gateway'));
const WITH_BODY = named(OPERATIONS.filter(({ node }) => 'requestBody' in node));
const NOBODY = { id: 'inspection-0000000000000000', matrix_id: 'matrix-0000000000000000' };

/** The operation's path with what stands for its names, else with the document's examples. */
function pathOf(
  { path, parameters }: DocumentedOperation,
  names: Readonly<Record<string, string>>,
): string {
  return path.replace(/\{(\w+)\}/g, (_, name: string) => {
    const parameter = parameters.find((one) => one.name === name);
    return names[name] ?? String(parameter?.example);
  });
}

/** The examples of the operation's body; what has none sends nothing. */
function bodiesOf({ node }: DocumentedOperation): (string | undefined)[] {
  const body = node['requestBody'] as Node | undefined;
  if (body === undefined) return [undefined];
  const { examples } = body['content']!['application/json'] as { examples: Record<string, Node> };
  return Object.values(examples).map((example) => JSON.stringify(follow(example)['value']));
}

/** What has everything that can be asked for. */
const ADVISED = { python: { requirements: { packages: { six: '*' } } }, advise: {} };
const ADVICE = `amun-advice:0123456789abcdef:{"event":"begin"}
amun-advice:0123456789abcdef:{"event":"taken","analysis_id":"adviser-1"}
`;

const JSON_TYPE = { 'content-type': 'application/json' };
const optionsFor = (method: string, body: string | undefined) =>
  body === undefined ? { method } : { method, headers: JSON_TYPE, body };

describe('every operation of the document', () => {
  let stage: Stage;
  let api: OpenApi;
  /** What stands for the names in paths. */
  let finished: Readonly<Record<string, string>> = {};

  beforeAll(async () => {
    stage = await openStage({ thoth: { host: 'thoth.example', hosts: ['thoth.example'] } });
    api = await openApi(() => Promise.resolve(stage.ports));
  });
  afterAll(async () => {
    await api.close();
    await stage.close();
  });
  beforeEach(async () => {
    // The test before may have taken it away.
    if (await isThere()) return;
    const { id } = await submit(stage.ports, specify({ batch_size: 2, ...ADVISED }));
    finished = { id, ...(await submitMatrix()) };
    await runUntilQuiet(stage, { buildLog: ADVICE });
  });

  const isThere = async () =>
    (await stage.ports.store.inspections.get(finished['id'] ?? NOBODY.id)) !== undefined;

  async function submitMatrix(): Promise<Record<string, string>> {
    const operation = OPERATIONS.find(({ id }) => id === 'submitMatrix');
    if (operation === undefined) return {};
    const { json } = await api.call(operation.path, optionsFor('POST', bodiesOf(operation)[0]));
    return { matrix_id: String(json()['matrix_id']) };
  }

  /** What ends something is for inspections that go on; everything else is told of those that ended. */
  async function succeed(
    operation: DocumentedOperation,
    body: string | undefined,
  ): Promise<Answer> {
    const call = (names: Readonly<Record<string, string>>) =>
      api.call(pathOf(operation, names), optionsFor(operation.method, body));
    const answered = await call(finished);
    if (answered.status !== 409) return answered;
    const { id } = await submit(stage.ports, specify());
    return call({ ...finished, id });
  }

  it.each(ENDING)('%s is answered as documented, with each example', async (_, operation) => {
    for (const body of bodiesOf(operation)) {
      const { status, text } = await succeed(operation, body);
      expect([Math.floor(status / 100), status === 200 || status === 202 ? '' : text]).toEqual([
        2,
        '',
      ]);
    }
  });

  it.each(QUESTIONS)('%s is not sent again to whom has it', async (_, operation) => {
    const path = pathOf(operation, finished);
    const { headers } = await api.call(path);
    const known = { 'if-none-match': String(headers['etag']) };
    expect((await api.call(path, { headers: known })).status).toBe(304);
  });

  it.each(ABOUT_INSPECTION)('%s knows nothing of what does not exist', async (_, operation) => {
    const { method } = operation;
    const { status } = await api.call(pathOf(operation, NOBODY), { method });
    expect(status).toBe(404);
  });

  it.each(ALL)('%s refuses what is broken, foreign or of another method', async (_, operation) => {
    const path = pathOf(operation, finished);
    const { method } = operation;
    expect((await api.call(`${path}?a=%zz`, { method })).status).toBe(400);
    const origin = 'https://evil.example';
    expect((await api.call(path, { method, headers: { origin } })).status).toBe(403);
    const other = await api.call(path, { method: 'PATCH' });
    expect([other.status, other.headers['allow']]).toEqual([405, expect.stringContaining(method)]);
    const { status, headers } = await api.call(path, { method: 'OPTIONS' });
    expect([status, headers['allow']]).toEqual([204, other.headers['allow']]);
  });

  it.each(WITH_BODY)('%s refuses bodies of other kinds and sizes', async (_, operation) => {
    const { method } = operation;
    const path = pathOf(operation, finished);
    const headers = { 'content-type': 'text/plain' };
    expect((await api.call(path, { method, headers, body: 'x' })).status).toBe(415);
    const large = { method, headers: JSON_TYPE, body: Buffer.alloc(2 * 1024 * 1024, ' ') };
    expect((await api.call(path, large)).status).toBe(413);
    const broken = { method, headers: JSON_TYPE, body: '{"base":' };
    expect((await api.call(path, broken)).status).toBe(400);
  });

  it.each(OPERATIONS.flatMap((operation) => parametersIn(operation, 'query')))(
    '%s refuses a %s that its schema does not allow',
    async (_, __, operation, parameter) => {
      const wrong = wrongValue(follow(parameter.schema));
      if (wrong === undefined) return;
      const query = `${parameter.name}=${encodeURIComponent(wrong)}`;
      const call = optionsFor(operation.method, bodiesOf(operation)[0]);
      const { status, json } = await api.call(`${pathOf(operation, finished)}?${query}`, call);
      expect([status, json()['code']]).toEqual([400, 'InvalidRequest']);
      expect(json()['error']).toContain(parameter.name);
    },
  );
});

function parametersIn(
  operation: DocumentedOperation,
  place: string,
): [string, string, DocumentedOperation, DocumentedParameter][] {
  return operation.parameters
    .filter((parameter) => parameter.in === place)
    .map((parameter) => [operation.id, parameter.name, operation, parameter]);
}

/** Text that does not fit a parameter's schema; undefined where any does. */
function wrongValue(schema: Node): string | undefined {
  const {
    type,
    enum: values,
    pattern,
    format,
    maxLength,
  } = schema as {
    [key: string]: unknown;
    readonly maxLength?: number;
  };
  if (type === 'array') return wrongValue(follow(schema['items']!));
  if (type !== 'string' || values !== undefined || pattern !== undefined || format !== undefined) {
    return '\u0000 no such value';
  }
  return maxLength === undefined ? undefined : 'x'.repeat(maxLength + 1);
}

describe('an operation of a function', () => {
  it.each(OF_FUNCTIONS)('%s is unavailable without it', async (_, operation) => {
    const gateway = await openGateway();
    try {
      const path = `/api/v1${pathOf(operation, NOBODY)}`;
      const { status, headers } = await gateway.call(path, { method: operation.method });
      expect([status, headers['retry-after']]).toEqual([503, '5']);
    } finally {
      await gateway.close();
    }
  });

  it.each([
    ['fails', () => Promise.reject(new TypeError('a mistake')), 500],
    ['is slow', () => new Promise<Ports>(() => undefined), 504],
  ])('says so where it %s', async (_, ports, expected) => {
    const api = await openApi(ports, { execTimeoutMs: 200 });
    try {
      for (const [, operation] of ABOUT_INSPECTION.filter(
        ([, one]) => one.servedBy !== 'gateway',
      )) {
        const { method } = operation;
        expect((await api.call(pathOf(operation, NOBODY), { method })).status).toBe(expected);
      }
    } finally {
      await api.close();
    }
  });
});
