import fc from 'fast-check';
import { isAmunError } from '../../../shared/errors/amun-error.js';
import { MAX_FINDINGS } from '../../../shared/inspection/limits.js';
import { parseMatrix } from '../../../shared/inspection/parse-matrix.js';
import { findingsOf, VARIED } from './matrix-findings.js';

describe('parseMatrix', () => {
  it('applies each variation to the specification', () => {
    const { identifier, variations } = parseMatrix({
      specification: { ...VARIED, identifier: 'speed', packages: ['make'], batch_size: 3 },
      variations: [
        { name: 'as it is', set: {} },
        { set: { base: 'fedora:40', packages: null } },
        { name: 'wide', set: { run: { requests: { cpu: '2' } }, identifier: 'other' } },
      ],
    });
    expect(identifier).toBe('speed');
    expect(variations.map(({ name }) => name)).toEqual(['as it is', 'variation-1', 'wide']);
    expect(variations.map(({ specification }) => specification)).toMatchObject([
      { base: 'debian:12', packages: ['make'], batch_size: 3 },
      { base: 'fedora:40', packages: [], batch_size: 3 },
      { base: 'debian:12', identifier: 'other', run: { requests: { cpu: '2', memory: '256Mi' } } },
    ]);
  });

  it('makes the product of axes', () => {
    const { variations } = parseMatrix({
      specification: VARIED,
      axes: {
        base: [
          { name: 'debian', set: {} },
          { name: 'fedora', set: { base: 'fedora:40' } },
        ],
        threads: [
          { name: '1', set: { run: { requests: { cpu: '1' } } } },
          { set: { run: { requests: { cpu: '2' } } } },
        ],
      },
    });
    expect(
      variations.map(({ name, specification }) => [
        name,
        specification.base,
        specification.run.requests.cpu,
      ]),
    ).toEqual([
      ['debian, 1', 'debian:12', '1'],
      ['debian, threads-1', 'debian:12', '2'],
      ['fedora, 1', 'fedora:40', '1'],
      ['fedora, threads-1', 'fedora:40', '2'],
    ]);
  });

  it('gives its labels to every variation, which may have others', () => {
    const { variations } = parseMatrix({
      specification: { ...VARIED, labels: { team: 'a' } },
      labels: { team: 'b', run: '7' },
      variations: [{ set: {} }, { set: { labels: { run: '8' } } }],
    });
    expect(variations.map(({ specification }) => specification.labels)).toEqual([
      { team: 'b', run: '7' },
      { team: 'b', run: '8' },
    ]);
  });

  it('says where in the request each fault was written', () => {
    const found = findingsOf({
      specification: {
        ...VARIED,
        packages: ['bad package'],
        batch_size: 0,
        files: [{ path: '/x' }],
      },
      labels: { 'amun.io/x': 'y' },
      variations: [
        { set: { packages: ['also bad'] } },
        { set: { base: null, run: { requests: { cpu: 'many' } } } },
        { set: { scrpt: 'x' } },
      ],
    });
    expect(Object.keys(found).sort()).toEqual(
      [
        '/labels/amun.io~1x',
        '/specification/batch_size',
        '/specification/files/0/content',
        '/specification/packages/0',
        '/variations/0/set/packages/0',
        '/variations/1/set/base',
        '/variations/1/set/run/requests/cpu',
        '/variations/2/set/scrpt',
      ].sort(),
    );
    expect(found['/variations/2/set/scrpt']).toContain('"script"');
  });

  it('says which value of which axis has a fault, once', () => {
    const axis = [{ set: {} }, { set: {} }];
    const found = findingsOf({
      specification: VARIED,
      axes: { one: axis, 'two/b': [{ set: {} }, { set: { batch_size: -1 } }], three: axis },
    });
    expect(Object.keys(found)).toEqual(['/axes/two~1b/1/set/batch_size']);
  });

  it('tells a fault of the specification once, however many variations share it', () => {
    const variations = Array.from({ length: 100 }, () => ({ set: {} }));
    expect(findingsOf({ specification: { base: 5 }, variations })).toEqual({
      '/specification/base': expect.stringContaining('must be text') as string,
    });
    const faulty = variations.map(() => ({ set: { batch_size: 0 } }));
    const all = Object.keys(findingsOf({ specification: VARIED, variations: faulty }));
    expect(all).toHaveLength(MAX_FINDINGS);
  });

  it('refuses more than a matrix may carry', () => {
    const content = 'x'.repeat(200_000);
    const input = {
      specification: { ...VARIED, files: [{ path: '/big', content }] },
      variations: Array.from({ length: 60 }, () => ({ set: {} })),
    };
    expect(() => parseMatrix(input)).toThrow('send fewer variations at once');
  });

  it('throws nothing but refusals, whatever comes', () => {
    const anything = fc.oneof(
      fc.jsonValue(),
      fc.record(
        {
          specification: fc.oneof(fc.jsonValue(), fc.constant(VARIED)),
          variations: fc.oneof(fc.jsonValue(), fc.array(fc.record({ set: fc.object() }))),
          axes: fc.oneof(fc.jsonValue(), fc.dictionary(fc.string(), fc.jsonValue())),
          labels: fc.jsonValue(),
        },
        { requiredKeys: ['specification'] },
      ),
    );
    fc.assert(
      fc.property(anything, (input) => {
        try {
          parseMatrix(input);
        } catch (error) {
          expect(isAmunError(error, 'InvalidSpecification')).toBe(true);
        }
      }),
    );
  });
});
