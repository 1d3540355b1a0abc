import fc from 'fast-check';
import { createBuildContext } from '../../../shared/dockerfile/create-build-context.js';
import type { BuildContext, ContextFile } from '../../../shared/inspection/build-context.js';
import {
  buildId,
  buildKey,
  inspectionId,
  isBuildId,
  isInspectionId,
  parseBuildId,
} from '../../../shared/inspection/identity.js';
import { parseSpecification } from '../../../shared/inspection/parse-specification.js';
import type { Hardware, Requests } from '../../../shared/inspection/specification.js';

const RANDOM = Uint8Array.of(0, 1, 2, 3, 0xfc, 0xfd, 0xfe, 0xff);
const KEY = '0123456789abcdef0123456789abcdef';
const requests = (hardware: Hardware = {}, cpu = '1', memory = '1Gi'): Requests => ({
  cpu,
  memory,
  hardware,
});
const context = (
  ...files: readonly [path: string, content: string, mode?: number][]
): BuildContext => ({
  files: files.map(([path, content, mode = 0o644]) => ({ path, content, mode })),
});

describe('inspectionId', () => {
  test('is made of the identifier and 16 hex digits', () => {
    expect(inspectionId(undefined, RANDOM)).toBe('inspection-00010203fcfdfeff');
    expect(inspectionId('tf-1', RANDOM)).toBe('inspection-tf-1-00010203fcfdfeff');
  });

  test('does without bytes beyond the first eight, but not with fewer', () => {
    expect(inspectionId(undefined, Uint8Array.of(...RANDOM, 9))).toBe(
      'inspection-00010203fcfdfeff',
    );
    expect(() => inspectionId(undefined, RANDOM.subarray(1))).toThrow(RangeError);
  });

  test('leaves room for the number of a run in a DNS label', () => {
    expect(`${inspectionId('a'.repeat(30), RANDOM)}-999`.length).toBeLessThanOrEqual(63);
  });

  test('is recognised', () => {
    for (const identifier of [undefined, 'a', 'tf-1', '0123456789abcdef', 'a'.repeat(30)]) {
      expect(isInspectionId(inspectionId(identifier, RANDOM))).toBe(true);
    }
  });

  test.each([
    '',
    'inspection-',
    'inspection-00010203fcfdfef',
    'inspection-00010203FCFDFEFF',
    'inspection--00010203fcfdfeff',
    'inspection-A-00010203fcfdfeff',
    'inspection-a/../b-00010203fcfdfeff',
    'inspection-a-00010203fcfdfeff\n',
    'xinspection-00010203fcfdfeff',
    'inspection-00010203fcfdfeff-0',
    `inspection-${'a'.repeat(31)}-00010203fcfdfeff`,
    'inspection-a\nb-00010203fcfdfeff',
    'build-00010203fcfdfeff',
  ])('is not %j', (text) => {
    expect(isInspectionId(text)).toBe(false);
  });
});

describe('buildKey', () => {
  const key = (build: BuildContext, hardware?: Hardware): string =>
    buildKey(build, requests(hardware));
  const base = context(['Dockerfile', 'FROM x'], ['files/0', 'content']);

  test('is 32 hex digits, always the same ones', () => {
    expect(key(base)).toMatch(/^[0-9a-f]{32}$/);
    expect(key(base)).toBe(key(context(['Dockerfile', 'FROM x'], ['files/0', 'content'])));
  });

  test('does not depend on the order of the files or of the hardware', () => {
    expect(key({ files: [...base.files].reverse() })).toBe(key(base));
    expect(key(base, { cpu_family: 6, cpu_model: 85 })).toBe(
      key(base, { cpu_model: 85, cpu_family: 6 }),
    );
  });

  test('does not depend on cpu and memory', () => {
    expect(buildKey(base, requests({}, '4', '8Gi'))).toBe(buildKey(base, requests({}, '1', '1Gi')));
  });

  test('depends on path, mode, content and hardware', () => {
    const keys = [
      key(base),
      key(context(['Dockerfile', 'FROM y'], ['files/0', 'content'])),
      key(context(['Dockerfile', 'FROM x'], ['files/1', 'content'])),
      key(context(['Dockerfile', 'FROM x'], ['files/0', 'content', 0o755])),
      key(context(['Dockerfile', 'FROM x'])),
      key(base, { cpu_family: 6 }),
      key(base, { cpu_model: 6 }),
      key(base, { processor: '6' }),
      key(base, { gpu: 1 }),
    ];
    expect(new Set(keys).size).toBe(keys.length);
  });

  test('does not depend on labels', () => {
    const keyOf = (fields: object): string => {
      const specification = parseSpecification({ base: 'fedora:40', packages: ['jq'], ...fields });
      return buildKey(createBuildContext(specification), specification.build.requests);
    };
    const label = fc.stringMatching(/^[a-zA-Z0-9]{1,8}$/);
    const labels = fc.dictionary(label, label, { noNullPrototype: true });
    fc.assert(
      fc.property(labels, (sent) => {
        fc.pre(Object.keys(sent).length <= 32);
        expect(keyOf({ labels: sent })).toBe(keyOf({}));
      }),
    );
    expect(keyOf({ packages: ['curl'] })).not.toBe(keyOf({}));
  });

  test('changes when bytes move between neighbours', () => {
    const text = fc.string({ unit: 'binary', minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(text, text, fc.nat(8), (left, right, cut) => {
        const joined = Array.from(left + right);
        const moved = context(
          ['a', joined.slice(0, cut).join('')],
          ['b', joined.slice(cut).join('')],
        );
        const original = context(['a', left], ['b', right]);
        expect(key(moved) === key(original)).toBe(moved.files[0]!.content === left);
      }),
    );
  });

  test('is the same for the same files only', () => {
    const file: fc.Arbitrary<ContextFile> = fc.record({
      path: fc.constantFrom('a', 'b', 'a1', '1:a'),
      content: fc.constantFrom('', '1', '1:', '1:a', '3:644'),
      mode: fc.constantFrom(0o644, 0o755),
    });
    const contexts = fc.array(file, { maxLength: 3 });
    const canonical = (files: readonly ContextFile[]): string =>
      JSON.stringify(
        files.map(({ path, content, mode }) => JSON.stringify([path, content, mode])).sort(),
      );
    fc.assert(
      fc.property(contexts, contexts, (left, right) => {
        expect(key({ files: left }) === key({ files: right })).toBe(
          canonical(left) === canonical(right),
        );
      }),
      { numRuns: 2000 },
    );
  });
});

describe('buildId', () => {
  test('is read back', () => {
    expect(buildId(KEY, 12)).toBe(`build-${KEY}-12`);
    expect(parseBuildId(buildId(KEY, 12))).toEqual({ key: KEY, generation: 12 });
    expect(isBuildId(buildId(KEY, 1))).toBe(true);
  });

  test.each([
    '',
    `build-${KEY}`,
    `build-${KEY}-0`,
    `build-${KEY}-01`,
    `build-${KEY}--1`,
    `build-${KEY}-1\n`,
    `build-${KEY.toUpperCase()}-1`,
    `build-${KEY}-1234567890`,
    'build-x-1',
  ])('is not %j', (text) => {
    expect(parseBuildId(text)).toBeUndefined();
    expect(isBuildId(text)).toBe(false);
  });
});
