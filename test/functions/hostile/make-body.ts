import { makeJson, makeMatrix, makeSpecification } from './make-json.js';
import type { Random } from './random.js';

/** Texts that only look like JSON, or that JSON.parse takes and nobody means. */
const ODD_TEXTS = [
  ...[
    '',
    ' ',
    'null',
    '"x"',
    '0',
    '[]',
    '{}',
    '{',
    '[',
    '"',
    '{"base"',
    '{"base":',
    '{"base":}',
    'NaN',
  ],
  ...[
    '{"base":"a","base":"b"}',
    '{"base":"a","packages":[],"packages":["x"]}',
    '{base: a}',
    "{'a':1}",
  ],
  ...['{"__proto__":{"base":"a"},"base":"b"}', '{"base":1e999}', '{"batch_size":1e400,"base":"a"}'],
  ...[
    '{"base":"a","batch_size":99999999999999999999999999}',
    '{"base":"a"}{"base":"b"}',
    '{"a":01}',
  ],
  ...['{"base":"\\ud800"}', '{"base":"\\u0000"}', '{"base":"a","\\ud800":1}', '\ufeff{"base":"a"}'],
  ...['{"base":"a",}', '{"base":"a"} // so', 'base: fedora:40', '<a/>', 'a=b&c=d', '\u0000\u0000'],
];

/** What is sent as a body; undefined where none is. */
export function makeBody(random: Random): Buffer | undefined {
  const kind = random.below(10);
  if (kind === 0) return undefined;
  if (kind === 1) return Buffer.from(random.pick(ODD_TEXTS));
  if (kind === 2) return Buffer.from(random.several(64, () => random.below(256)));
  if (kind === 3) return Buffer.from(JSON.stringify(makeJson(random, 5)));
  const text = JSON.stringify(kind < 6 ? makeMatrix(random) : makeSpecification(random));
  if (kind === 7) return Buffer.from(text.slice(0, random.below(text.length)));
  if (kind === 8) return breakBytes(random, Buffer.from(text));
  if (random.chance(0.005)) return nest(random);
  return Buffer.from(text);
}

/** Some bytes are others: UTF-8 that is none, control characters, brackets that do not match. */
function breakBytes(random: Random, bytes: Buffer): Buffer {
  for (let left = random.below(4); left > 0; left -= 1) {
    bytes[random.below(bytes.length)] = random.below(256);
  }
  return bytes;
}

/** Deeper than any stack, as it is or where something is expected. */
function nest(random: Random): Buffer {
  const [open, close] = random.pick([
    ['[', ']'],
    ['{"a":', '}'],
    ['[{"specification":', '}]'],
  ] as const);
  const depth = 1000 + random.below(20_000);
  const nested = open.repeat(depth) + (random.chance(0.5) ? `1${close.repeat(depth)}` : '');
  return Buffer.from(random.chance(0.5) ? nested : `{"base":"a","python":${nested}}`);
}
