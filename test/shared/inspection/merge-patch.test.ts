import fc from 'fast-check';
import { isPatched, mergePatch } from '../../../shared/inspection/merge-patch.js';
import type { Json } from '../../../shared/inspection/specification.js';

/** Appendix A of RFC 7386: original, patch, result. */
const OF_THE_RFC: readonly (readonly [Json, Json, Json])[] = [
  [{ a: 'b' }, { a: 'c' }, { a: 'c' }],
  [{ a: 'b' }, { b: 'c' }, { a: 'b', b: 'c' }],
  [{ a: 'b' }, { a: null }, {}],
  [{ a: 'b', b: 'c' }, { a: null }, { b: 'c' }],
  [{ a: ['b'] }, { a: 'c' }, { a: 'c' }],
  [{ a: 'c' }, { a: ['b'] }, { a: ['b'] }],
  [{ a: { b: 'c' } }, { a: { b: 'd', c: null } }, { a: { b: 'd' } }],
  [{ a: [{ b: 'c' }] }, { a: [1] }, { a: [1] }],
  [
    ['a', 'b'],
    ['c', 'd'],
    ['c', 'd'],
  ],
  [{ a: 'b' }, ['c'], ['c']],
  [{ a: 'foo' }, null, null],
  [{ a: 'foo' }, 'bar', 'bar'],
  [{ e: null }, { a: 1 }, { e: null, a: 1 }],
  [[1, 2], { a: 'b', c: null }, { a: 'b' }],
  [{}, { a: { bb: { ccc: null } } }, { a: { bb: {} } }],
];

const json = fc.jsonValue({ maxDepth: 4 }) as fc.Arbitrary<Json>;
const patches = fc.object({
  key: fc.constantFrom('a', 'b', 'c', '__proto__', 'constructor'),
  maxDepth: 3,
  values: [fc.constantFrom(null, 1, 'x', true)],
}) as fc.Arbitrary<Json>;

/** All members that are no objects, as path and value: merging means to overwrite such leaves. */
function leavesOf(value: Json, path = ''): Map<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return new Map([[path, value]]);
  }
  return new Map(
    Object.entries(value).flatMap(([name, member]) => [...leavesOf(member, `${path}/${name}`)]),
  );
}

describe('mergePatch', () => {
  it.each(OF_THE_RFC)('makes of %j by %j what the RFC says', (target, patch, result) => {
    expect(mergePatch(target, patch)).toEqual(result);
  });

  it('has the members of the patch, and those of the target that it says nothing about', () => {
    fc.assert(
      fc.property(patches, patches, (target, patch) => {
        const merged = leavesOf(mergePatch(target, patch));
        for (const [path, value] of leavesOf(patch)) {
          if (value === null) expect(merged.has(path)).toBe(false);
          else expect(merged.get(path)).toEqual(value);
        }
        const isTouched = (path: string): boolean =>
          isPatched(patch, path.split('/').slice(1), target);
        for (const [path, value] of leavesOf(target)) {
          if (!isTouched(path)) expect(merged.get(path)).toEqual(value);
        }
      }),
    );
  });

  it('changes nothing the second time, and neither of its inputs', () => {
    fc.assert(
      fc.property(json, patches, (target, patch) => {
        const before = JSON.stringify([target, patch]);
        const once = mergePatch(target, patch);
        expect(mergePatch(once, patch)).toEqual(once);
        expect(JSON.stringify([target, patch])).toBe(before);
      }),
    );
  });

  it('takes __proto__ for a name like any other', () => {
    const patch = JSON.parse('{"__proto__": {"polluted": true}}') as Json;
    const merged = mergePatch({}, patch) as object;
    expect(Object.getPrototypeOf(merged)).toBe(Object.prototype);
    expect(Object.keys(merged)).toEqual(['__proto__']);
    expect('polluted' in {}).toBe(false);
  });
});

describe('isPatched', () => {
  it.each<[Json, string[], Json, boolean]>([
    [{ base: 'x' }, ['base'], { base: 'y' }, true],
    [{ base: null }, ['base'], { base: 'y' }, true],
    [{ packages: ['a'] }, ['packages', '0'], { packages: ['b'] }, true],
    [{ packages: ['a'] }, ['files', '0'], { packages: ['b'] }, false],
    [
      { run: { requests: { cpu: 1 } } },
      ['run', 'requests', 'memory'],
      { run: { requests: {} } },
      false,
    ],
    [{ run: { requests: { cpu: 1 } } }, ['run', 'requests', 'memory'], {}, true],
    [{ run: { requests: { cpu: 1 } } }, ['run'], { run: { requests: {} } }, true],
  ])('%j at %j of %j: %s', (patch, segments, target, patched) => {
    expect(isPatched(patch, segments, target)).toBe(patched);
  });
});
