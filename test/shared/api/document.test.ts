import { ERROR_CATALOGUE, type ErrorCode } from '../../../shared/errors/catalogue.js';
import { PHASES } from '../../../shared/inspection/phase.js';
import { REASONS } from '../../../shared/inspection/reason.js';
import {
  DOCUMENT,
  escapeToken,
  follow,
  OPERATIONS,
  resolvePointer,
  type Node,
} from './api-document.js';
import { misfits } from './document-schemas.js';

interface Content {
  /** For people: which operation, which answer. */
  readonly name: string;
  readonly status: string;
  readonly type: string;
  readonly pointer: string;
  readonly node: Node;
}

function contentsOf(name: string, status: string, given: Node, pointer: string): Content[] {
  const place = resolvePointer(given, pointer);
  return Object.entries((place.node['content'] ?? {}) as Record<string, Node>).map(
    ([type, node]) => ({
      name: `${name} ${status} ${type}`,
      status,
      type,
      pointer: `${place.pointer}/content/${escapeToken(type)}/schema`,
      node,
    }),
  );
}

const CONTENTS = OPERATIONS.flatMap(({ id, node, pointer }) => {
  const answers = Object.entries(node['responses'] as Record<string, Node>).flatMap(
    ([status, response]) => contentsOf(id, status, response, `${pointer}/responses/${status}`),
  );
  const body = node['requestBody'] as Node | undefined;
  return body === undefined
    ? answers
    : [...answers, ...contentsOf(id, 'body', body, `${pointer}/requestBody`)];
});

const examplesOf = ({ node }: Content): unknown[] =>
  Object.values((node['examples'] ?? {}) as Record<string, Node>).map(
    (example) => follow(example)['value'],
  );
const schemaNamed = (name: string): Node => (DOCUMENT['components']!['schemas'] as Node)[name]!;

describe('the document', () => {
  it.each(CONTENTS.map((content) => [content.name, content] as const))(
    'has examples of %s that are right',
    (_, content) => {
      const examples = examplesOf(content);
      expect(examples.length).toBeGreaterThan(0);
      // Of a stream of documents the examples are single ones.
      for (const example of examples) expect(misfits(content.pointer, example)).toEqual([]);
    },
  );

  it('gives every error the status of its code', () => {
    const errors = CONTENTS.filter(({ status }) => /^[45]/.test(status));
    for (const content of errors) {
      for (const example of examplesOf(content) as { code: ErrorCode }[]) {
        const { status } = ERROR_CATALOGUE[example.code];
        expect([content.name, String(status)]).toEqual([content.name, content.status]);
      }
    }
  });

  it('has an example of every parameter', () => {
    for (const { id, parameters } of OPERATIONS) {
      for (const parameter of parameters) {
        expect([id, parameter.name, 'example' in parameter]).toEqual([id, parameter.name, true]);
      }
    }
  });

  it.each([
    ['ErrorCode', Object.keys(ERROR_CATALOGUE)],
    ['Reason', Object.keys(REASONS)],
    ['Phase', [...PHASES]],
  ])('lists every %s there is', (name, values) => {
    expect((schemaNamed(name)['enum'] as unknown as string[]).toSorted()).toEqual(
      values.toSorted(),
    );
  });
});
