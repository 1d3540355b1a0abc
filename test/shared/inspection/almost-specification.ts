import fc from 'fast-check';

const word = (pattern: RegExp): fc.Arbitrary<string> => fc.stringMatching(pattern);
const quantity = word(/^[0-9]{1,2}(\.[0-9])?(m|k|M|Mi|Gi|e[0-9])?$/);
const name = word(/^[a-z]{1,3}(\[[a-z]{1,2}(, ?[a-z])?\])?$/);
const version = word(/^ ?(==|>=|<|~=|=) ?[0-9](\.[0-9*])?$/);
const marker = word(
  /^ ?; ?(python_version|extra|os) ?(==|in|<) ?('3'|"x"|y)( (and|or|,) os_name == 'x')?$/,
);
const empty = fc.constant('');

/** One field each, right often enough to get past the schema, wrong often enough to be refused. */
const FIELDS: Readonly<Record<string, fc.Arbitrary<unknown>>> = {
  base: fc.oneof(word(/^([a-z.:0-9]{1,6}\/)?[a-z0-9._-]{1,8}(:[a-zA-Z0-9]{0,3})?$/), fc.string()),
  identifier: fc.oneof(word(/^[a-z0-9-]{0,32}$/), fc.constant(null)),
  labels: fc.dictionary(
    word(/^([a-z.]{1,4}\/)?[aB1._-]{0,3}$/),
    fc.oneof(word(/^[aB1._-]{0,3}$/), fc.string()),
    { maxKeys: 3, noNullPrototype: true },
  ),
  packages: fc.array(word(/^[a-z+.:=~-]{0,6}$/), { maxLength: 2 }),
  python_packages: fc.array(
    fc
      .tuple(name, fc.oneof(empty, version), fc.oneof(empty, marker), word(/^ ?$/))
      .map((parts) => parts.join('')),
    { maxLength: 3 },
  ),
  python: fc.record({
    requirements: fc.dictionary(fc.constantFrom('packages', 'source', 'x'), fc.jsonValue()),
    requirements_locked: fc.oneof(
      fc.constant({ _meta: {}, default: {} }),
      fc.record({ _meta: fc.jsonValue(), default: fc.jsonValue() }),
    ),
  }),
  files: fc.array(
    fc.record({ path: word(/^[a-c./]{0,8}$/), content: fc.string({ unit: 'binary' }) }),
    { maxLength: 3 },
  ),
  environment: fc.array(
    fc.record({ name: word(/^[AB_1]{0,3}$/), value: fc.string({ unit: 'binary' }) }),
    { maxLength: 3 },
  ),
  script: fc.oneof(
    fc.string({ unit: 'binary' }),
    fc
      .tuple(word(/^\s{0,2}$/), fc.webUrl({ withQueryParameters: true }), word(/^\s{0,2}$/))
      .map((parts) => parts.join('')),
  ),
  batch_size: fc.integer({ min: -1, max: 1001 }),
  run: fc.record(
    {
      requests: fc.record(
        {
          cpu: fc.oneof(quantity, fc.double({ min: 0, max: 4 })),
          memory: fc.oneof(quantity, fc.nat()),
          hardware: fc.record(
            { gpu: fc.integer({ min: -1, max: 3 }), processor: fc.string() },
            { requiredKeys: [] },
          ),
        },
        { requiredKeys: [] },
      ),
    },
    { requiredKeys: [] },
  ),
};

/** Specifications of which about half are good. */
export const almostSpecification: fc.Arbitrary<object> = fc.oneof(
  ...Object.entries(FIELDS).map(([field, values]) =>
    values.map((value) => ({ base: 'fedora:40', [field]: value })),
  ),
);
