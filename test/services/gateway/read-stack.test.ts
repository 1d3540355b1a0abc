import { readFileSync } from 'node:fs';
import { SUBJECTS } from '../../../shared/events/event.js';
import { readStack } from '../../../services/gateway/read-stack.js';

it('reads our own', () => {
  const functions = readStack(readFileSync('stack.yml', 'utf8'));
  expect(functions.map(({ name, annotations }) => [name, annotations['topic']])).toEqual([
    ['submit', undefined],
    ['on-build-complete', SUBJECTS.buildComplete],
    ['on-job-complete', SUBJECTS.jobComplete],
    ['status', undefined],
  ]);
});

it('takes labels and annotations as texts, whatever YAML makes of them', () => {
  const [definition] = readStack(`
functions:
  one:
    image: \${NO_SUCH_VARIABLE_IS_SET:-local}/one
    labels: { a: 1, b: true, c: "x" }
    annotations: [not, an, object]
`);
  expect(definition).toEqual({
    name: 'one',
    image: 'local/one',
    labels: { a: '1', b: 'true', c: 'x' },
    annotations: {},
  });
});

it.each([
  ['', 0],
  ['functions:', 0],
  ['functions: { a: }', 1],
  ['[]', 0],
])('makes what can be made of %j', (text, count) => {
  expect(readStack(text)).toHaveLength(count);
});

it('says where YAML is broken', () => {
  expect(() => readStack('functions: {')).toThrow(/stack\.yml is not valid YAML/);
});
