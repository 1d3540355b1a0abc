import { specificationFields } from './specification-fields.js';
import type { Random } from './random.js';

const STRINGS = [
  ...[
    '',
    'a',
    'fedora:40',
    '-',
    '../../etc/passwd',
    '$(id)',
    '`id`',
    "'; DROP",
    '\u0000',
    '\ud800',
  ],
  ...[
    '\u{1f600}',
    '\u202e',
    '\ufeff',
    'x'.repeat(5000),
    '<script>',
    '%s%n',
    '{{7*7}}',
    '__proto__',
  ],
];
const NUMBERS = [0, -0, 1, -1, 0.5, 1e308, -1e308, 2 ** 53, 1e21, 4294967296, 5e-324];
const KEYS = [
  '__proto__',
  'constructor',
  'toString',
  '',
  'a',
  'base',
  '@x',
  'hasOwnProperty',
  '\ud800',
];

/** Any JSON value, small as a rule. */
export function makeJson(random: Random, depth = 3): unknown {
  const kind = random.below(depth > 0 ? 7 : 4);
  if (kind === 0) return random.pick(STRINGS);
  if (kind === 1) return random.pick(NUMBERS);
  if (kind === 2) return random.chance(0.5);
  if (kind === 3) return null;
  if (kind === 4) return random.several(4, () => makeJson(random, depth - 1));
  const entries = random.several(
    4,
    () => [random.pick(KEYS), makeJson(random, depth - 1)] as const,
  );
  return Object.fromEntries(entries);
}

/** A specification that is nearly one: fields that are good, and now and then one that is not. */
export function makeSpecification(random: Random): Record<string, unknown> {
  const made: Record<string, unknown> = {};
  for (const [name, values] of Object.entries(specificationFields)) {
    if (name !== 'base' && random.chance(0.7)) continue;
    made[name] = random.chance(0.1) ? makeJson(random) : random.pick(values);
  }
  if (random.chance(0.1)) made[random.pick(KEYS)] = makeJson(random);
  return made;
}

/** The same for a matrix. */
export function makeMatrix(random: Random): Record<string, unknown> {
  const variations = random.several(3, () => ({
    ...(random.chance(0.5) ? { name: `v${random.below(3)}` } : {}),
    set: random.chance(0.2) ? makeJson(random) : makeSpecification(random),
  }));
  return {
    specification: random.chance(0.1) ? makeJson(random) : makeSpecification(random),
    ...(random.chance(0.7) ? { variations } : {}),
    ...(random.chance(0.3)
      ? { axes: random.chance(0.3) ? makeJson(random) : { a: variations } }
      : {}),
    ...(random.chance(0.1) ? { labels: makeJson(random) } : {}),
  };
}
