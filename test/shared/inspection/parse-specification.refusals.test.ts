import { MAX_FINDINGS } from '../../../shared/inspection/limits.js';
import { parseSpecification } from '../../../shared/inspection/parse-specification.js';
import { BAD_SPECIFICATIONS } from './bad-specifications.js';
import { catchError, findFindings } from './find-findings.js';

describe('parseSpecification refuses', () => {
  test.each(BAD_SPECIFICATIONS)('%s', (_, fields, pointer, fragment) => {
    const findings = findFindings({ base: 'fedora:40', ...(fields as object) });
    expect(findings.map((finding) => finding.pointer)).toContain(pointer);
    const { message } = findings.find((finding) => finding.pointer === pointer)!;
    expect(message).toContain(fragment);
    expect(message).toMatch(/^\S.*\.$/);
  });

  test.each([null, undefined, 1, 'base: x', [], [{ base: 'x' }]])(
    '%j, which is no object',
    (input) => {
      expect(findFindings(input)).toEqual([
        { pointer: '', message: expect.stringContaining('A specification is an object') as string },
      ]);
    },
  );

  test('every fault at once, of schema and of meaning', () => {
    const findings = findFindings({
      base: 'A b',
      batch_size: 0,
      identifier: '-',
      packages: ['-y'],
    });
    expect(findings.map(({ pointer }) => pointer).sort()).toEqual(
      ['/base', '/batch_size', '/identifier', '/packages/0'].sort(),
    );
  });

  test('a flood of faults with a bounded number of findings', () => {
    const flood = Object.fromEntries(
      Array.from({ length: 5000 }, (_, index) => [`field${index}`, 1]),
    );
    const error = catchError(
      () => parseSpecification({ base: 'x', ...flood }),
      'InvalidSpecification',
    );
    expect(error.details).toHaveLength(MAX_FINDINGS);
    expect(error.message).toContain(`more than ${MAX_FINDINGS} faults`);
  });

  test('a value that contains itself', () => {
    const loop: unknown[] = [];
    loop.push(loop);
    expect(findFindings({ base: 'x', python: { constraints: loop } })[0]?.message).toContain(
      'deep',
    );
  });

  test('long texts without repeating them', () => {
    const [finding] = findFindings({ base: 'x', packages: [`;${'x'.repeat(250)}`] });
    expect(finding!.message.length).toBeLessThan(300);
    expect(finding!.message).toContain('…');
  });
});
