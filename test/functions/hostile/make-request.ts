import { OPERATIONS, type DocumentedOperation } from '../../shared/api/api-document.js';
import { makeBody } from './make-body.js';
import type { Random } from './random.js';

/** A request as it goes over the wire. */
export interface GeneratedRequest {
  /** Who should answer it, by the path that it began as. */
  readonly servedBy: string;
  readonly method: string;
  /** Behind /api/v1, with the query. */
  readonly target: string;
  /** By name in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer | undefined;
}

const METHODS = [
  'GET',
  'GET',
  'GET',
  'POST',
  'POST',
  'POST',
  'DELETE',
  'HEAD',
  'OPTIONS',
  'PUT',
  'PATCH',
  'TRACE',
];
const SEGMENTS = [
  ...[
    '0',
    '1',
    '2',
    '-1',
    '01',
    '1e3',
    '999999999',
    '9999999999999999999',
    'x',
    '%',
    '%zz',
    '%00',
    '%2e%2e',
  ],
  ...[
    '..',
    '.',
    '',
    '%c3%28',
    '%F0%9F%98%80',
    '%ed%a0%80',
    'a'.repeat(3000),
    '%2F',
    '%252F',
    '*',
    "'",
  ],
  ...[
    '__proto__',
    'constructor',
    'inspection-0000000000000000',
    'matrix-0000000000000000',
    ';a=b',
    '{id}',
  ],
];
const VALUES = [
  ...[
    '',
    '0',
    '1',
    '-1',
    '2',
    '51',
    '1.5',
    '1e9',
    '99999999999999999999',
    'true',
    'FALSE',
    'x',
    '%',
    '%zz',
  ],
  ...[
    '%00',
    '%c3%28',
    '%ed%a0%80',
    'null',
    '[]',
    '{}',
    'queued',
    'failed,succeeded',
    'a=b',
    'a%3Db%3Dc',
  ],
  ...[
    '2026-01-01',
    '2026-02-30T00:00:00Z',
    '0-0',
    '1-1.2-3-4-oe-0123456789',
    'a'.repeat(3000),
    '+',
    '%2B',
  ],
];
const HEADERS: Readonly<Record<string, readonly string[]>> = {
  'content-type': [
    ...[
      'application/json',
      'application/json',
      'application/json; charset=utf-8',
      'text/plain',
      'a',
      '',
    ],
    ...[
      'application/json; charset=x',
      'application/yaml',
      'multipart/form-data; boundary=x',
      '/',
      ';;;',
    ],
  ],
  'idempotency-key': ['a', 'b', '', ' ', 'x'.repeat(256), '\u00ff', 'c d'],
  'if-none-match': ['*', 'W/"a"', '"', '"a", "b"', 'x'.repeat(3000)],
  'content-encoding': ['gzip', 'identity', 'x'],
  accept: ['*/*', 'text/html', 'application/x', ''],
  'accept-encoding': ['gzip', 'br', 'gzip;q=0'],
  'last-event-id': ['', '0', 'x', '9'.repeat(500)],
  origin: ['https://evil.example', 'null', ''],
  'x-forwarded-host': ['evil.example'],
  range: ['bytes=0-1'],
};
const WITH_BODY = OPERATIONS.filter(({ node }) => 'requestBody' in node);

/** `wait` with a number that fits would do that: wait. */
const QUERY_NAMES = [
  ...new Set(
    OPERATIONS.flatMap(({ parameters }) =>
      parameters.flatMap(({ name, in: place }) =>
        place === 'query' && name !== 'wait' ? [name] : [],
      ),
    ),
  ),
  ...['__proto__', 'a[b]', '', 'inspection_id', 'what', 'matrix_id'],
];

/** One request; often nearly a good one. @param names ids of what there is */
export function makeRequest(
  random: Random,
  names: readonly string[],
  operations: readonly DocumentedOperation[] = OPERATIONS,
): GeneratedRequest {
  // Half of all are submissions: they have the most ways to be wrong.
  const operation = random.pick(random.chance(0.5) ? operations : WITH_BODY);
  const method = random.chance(0.85) ? operation.method : random.pick(METHODS);
  const segment = () => (random.chance(0.75) ? random.pick(names) : random.pick(SEGMENTS));
  const path = random.chance(0.95)
    ? operation.path.replace(/\{(\w+)\}/g, (_, name: string) =>
        name === 'item' && random.chance(0.7) ? String(random.below(3)) : segment(),
      )
    : `/${random.several(6, segment).join('/')}`;
  const query = random
    .several(3, () => `${random.pick(QUERY_NAMES)}=${random.pick(VALUES)}`)
    .join('&');
  const headers: Record<string, string> = { 'content-type': 'application/json' };
  for (const [name, values] of Object.entries(HEADERS)) {
    if (random.chance(0.08)) headers[name] = random.pick(values);
  }
  const body = method === 'POST' || random.chance(0.1) ? makeBody(random) : undefined;
  const target = query === '' ? path : `${path}?${query}`;
  return { servedBy: operation.servedBy, method, target, headers, body };
}
