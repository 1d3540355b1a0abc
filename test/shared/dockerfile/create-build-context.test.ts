import fc from 'fast-check';
import { createBuildContext } from '../../../shared/dockerfile/create-build-context.js';
import { dockerfileOf } from '../../../shared/dockerfile/dockerfile-of.js';
import {
  STEP_SCRIPTS,
  stepScript,
  type StepScript,
} from '../../../shared/dockerfile/step-scripts.js';
import { isAmunError } from '../../../shared/errors/amun-error.js';
import type { BuildContext, ContextFile } from '../../../shared/inspection/build-context.js';
import { parseSpecification } from '../../../shared/inspection/parse-specification.js';
import type { Specification } from '../../../shared/inspection/specification.js';
import {
  listCases,
  listParts,
  readCase,
  readExpected,
  readScript,
  SCRIPT_PARTS,
  updateExpected,
} from './golden.js';

const CONFIG_MAP_KEY = /^[-._a-zA-Z0-9]{1,253}$/;

const LINES = [
  /^$/,
  /^#/,
  /^FROM debian:12$/,
  /^USER (?:0:0|1042:1042)$/,
  /^RUN --mount=type=bind,/,
  /^ {4}--mount=type=bind,source=[a-zA-Z.-]+,target=\/amun\/[a-zA-Z.-]+ \\$/,
  /^ {4}\["\/bin\/sh", "\/amun\/[a-z-]+\.sh"(?:, "--[a-z]+(?:=[a-z0-9.]+)?")+\]$/,
  /^ENV (?:HOME|VIRTUAL_ENV|BASH_ENV)=/,
  /^WORKDIR \/home\/amun$/,
  /^STOPSIGNAL SIGTERM$/,
  /^ENTRYPOINT \[\]$/,
  /^CMD \["\/bin\/sh"\]$/,
];

const BASE = { base: 'debian:12' };

function contentOf(context: BuildContext, path: string): string | undefined {
  return context.files.find((file) => file.path === path)?.content;
}

/** Programs that have tests of their own. */
const ADVICE_PROGRAMS = ['advise.sh', 'marks.sh', 'switches.sh', 'client.sh', 'report.py'];

/** The hash over them is left out of what is expected. */
function withoutAdviceHash(file: ContextFile): ContextFile {
  const hash = /(install-advised-stack\.sh".*--files=)[0-9a-f]{16}/g;
  return { ...file, content: file.content.replace(hash, '$1') };
}

function toRecord(files: readonly ContextFile[]): Record<string, string> {
  return Object.fromEntries(files.map((file) => [file.path, file.content]));
}

describe('golden contexts', () => {
  test('there is one for each family and feature', () => {
    expect(listCases().length).toBeGreaterThanOrEqual(13);
  });

  test('scripts are put together from their parts, each of which is used', () => {
    const scripts = toRecord(STEP_SCRIPTS.map(stepScript));
    const expected = Object.entries(SCRIPT_PARTS).map(([name, parts]) => [name, readScript(parts)]);
    expect(scripts).toEqual(Object.fromEntries(expected));
    expect(new Set(Object.values(SCRIPT_PARTS).flat())).toEqual(new Set(listParts()));
  });

  test.each(listCases())('%s', (name) => {
    const { files } = createBuildContext(readCase(name));
    const scripts = files.filter(({ path }) => (STEP_SCRIPTS as string[]).includes(path));
    const rest = files.filter(
      (file) => !scripts.includes(file) && !ADVICE_PROGRAMS.includes(file.path),
    );
    const others = toRecord(rest.map(withoutAdviceHash));
    updateExpected(name, others);
    expect(others).toEqual(readExpected(name));
    for (const script of scripts) expect(script).toEqual(stepScript(script.path as StepScript));
  });
});

describe('identity', () => {
  const stack = { ...BASE, packages: ['jq'], files: [{ path: '/a', content: 'x' }] };

  test('what is no part of the stack leaves the context as it is', () => {
    const one = createBuildContext(parseSpecification(stack));
    const other = createBuildContext(
      parseSpecification({
        ...stack,
        script: '#!/bin/sh\n',
        identifier: 'other',
        batch_size: 7,
        force: true,
        run: { requests: { cpu: '3', memory: '1Gi', hardware: { cpu_family: 6 } } },
      }),
    );
    expect(other).toEqual(one);
  });

  test.each<[string, object]>([
    ['base', { base: 'debian:11' }],
    ['packages', { packages: ['curl'] }],
    ['files', { files: [{ path: '/a', content: 'y' }] }],
    ['update', { update: true }],
    ['upgrade_pip', { upgrade_pip: true }],
    ['environment', { environment: [{ name: 'A', value: '1' }] }],
    ['python_packages', { python_packages: ['six'] }],
  ])('%s changes it', (_, change) => {
    const one = createBuildContext(parseSpecification(stack));
    const other = createBuildContext(parseSpecification({ ...stack, ...change }));
    expect(other).not.toEqual(one);
  });

  test('a change of what a step reads shows in its line alone', () => {
    const lines = (packages: string[], content: string): string[] => {
      const files = [{ path: '/a', content }];
      const spec = parseSpecification({ ...BASE, packages, files });
      return dockerfileOf(createBuildContext(spec)).split('\n');
    };
    const before = lines(['jq'], 'x');
    const changed = lines(['jq'], 'y').filter((line, index) => line !== before[index]);
    expect(changed).toEqual([expect.stringContaining('/amun/install-files.sh')]);
  });
});

describe('hostile values', () => {
  const text = fc.string({ unit: 'binary', maxLength: 60 });
  const line = text.map((value) => value.replaceAll(/[\0\r\n]/g, ''));

  test('no value of a user but the base reaches the Dockerfile', () => {
    fc.assert(
      fc.property(
        fc.array(line, { maxLength: 4 }),
        fc.array(line, { maxLength: 4 }),
        fc.array(fc.record({ path: line.map((value) => `/${value}`), content: text })),
        fc.array(fc.record({ name: fc.constantFrom('A', 'B', 'PATH'), value: line })),
        (packages, python_packages, files, environment) => {
          const spec: Specification = {
            ...parseSpecification(BASE),
            packages,
            python_packages,
            files,
            environment,
          };
          const context = createBuildContext(spec);
          for (const row of dockerfileOf(context).split('\n')) {
            expect(LINES.some((pattern) => pattern.test(row))).toBe(true);
          }
          for (const { path, mode } of context.files) {
            expect(path).toMatch(CONFIG_MAP_KEY);
            expect(mode).toBe(0o644);
          }
        },
      ),
      { numRuns: 100 },
    );
  });

  test('contents travel byte by byte', () => {
    fc.assert(
      fc.property(text, (content) => {
        const spec = { ...parseSpecification(BASE), files: [{ path: '/a', content }] };
        expect(contentOf(createBuildContext(spec), 'file-0')).toBe(content);
      }),
    );
  });

  test.each([
    'debian:12\nRUN touch /hacked',
    'debian:12 AS x',
    '--platform=x',
    '[::1]',
    '[a b]:1/c',
    '$BASE',
    'a"b',
    '',
    'debian:12\\',
  ])('the base %j is refused', (base) => {
    const spec = { ...parseSpecification(BASE), base };
    expect(() => createBuildContext(spec)).toThrow(/no image reference/);
  });

  test.each(['[::1]:5000/team/base', '[fd00::1]/base:1'])('takes the base %s', (base) => {
    const spec = parseSpecification({ base });
    expect(dockerfileOf(createBuildContext(spec))).toContain(`FROM ${base}\n`);
  });

  test.each<[string, Partial<Specification>]>([
    ['packages', { packages: ['a\nb'] }],
    ['python_packages', { python_packages: ['a\r'] }],
    ['files', { files: [{ path: '/a\nfile-0 777 /etc/x', content: '' }] }],
    ['environment', { environment: [{ name: 'A', value: 'x\nB=y' }] }],
  ])('a line break in %s is refused', (_, change) => {
    const spec = { ...parseSpecification(BASE), ...change };
    try {
      createBuildContext(spec);
    } catch (error) {
      expect(isAmunError(error, 'InvalidSpecification')).toBe(true);
      return;
    }
    throw new Error('was accepted');
  });
});
