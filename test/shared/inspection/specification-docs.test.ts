import { readFile } from 'node:fs/promises';
import { parseSpecification } from '../../../shared/inspection/parse-specification.js';
import { parseYaml } from '../../../shared/inspection/parse-yaml.js';
import {
  resolveNode,
  SPECIFICATION_SCHEMA,
  type SchemaNode,
} from '../../../shared/inspection/validation/schema-node.js';

const DOCUMENT = await readFile(new URL('../../../docs/specification.md', import.meta.url), 'utf8');

/** The first and third column of the table: field and default. */
const ROWS = [...DOCUMENT.matchAll(/^\| `([^`]+)` *\|[^|]+\| *(?:`([^`]+)`)? *\|/gm)].map(
  ([, field = '', value]) => ({
    field,
    default: value === undefined ? undefined : (JSON.parse(value) as unknown),
  }),
);

interface Field {
  readonly field: string;
  readonly default: unknown;
}

/** Every field that is ours: what users may name freely is left out, and what `run` has of `build`. */
function listFields(node: SchemaNode, prefix: string, known: Set<string>): Field[] {
  return Object.entries(node.properties ?? {}).flatMap(([name, child]) => {
    const target = resolveNode(child);
    const place = `${prefix}${name}`;
    const field = { field: place, default: target.default };
    if (child.$ref !== undefined && known.has(child.$ref)) return [field];
    known.add(child.$ref ?? '');
    const inner = target.items ? resolveNode(target.items) : target;
    if (inner.additionalProperties !== false) return [field];
    return [field, ...listFields(inner, `${place}${target.items ? '[]' : ''}.`, known)];
  });
}

describe('docs/specification.md', () => {
  test('has exactly the fields of the schema, in its order', () => {
    const fields = listFields(SPECIFICATION_SCHEMA, '', new Set());
    expect(fields.length).toBeGreaterThan(30);
    expect(ROWS.map(({ field }) => field)).toEqual(fields.map(({ field }) => field));
  });

  test('has their defaults', () => {
    for (const expected of listFields(SPECIFICATION_SCHEMA, '', new Set())) {
      const row = ROWS.find(({ field }) => field === expected.field);
      // An absent half of the Python stack counts as {}; the schema has no default to say so.
      if (!/^python\.requirements/.test(expected.field)) expect(row).toEqual(expected);
    }
  });

  test('has an example that is a good specification', () => {
    const example = /```yaml\n([^]*?)```/.exec(DOCUMENT)?.[1] ?? '';
    const parsed = parseSpecification(parseYaml(example));
    expect(parsed).toMatchObject({
      identifier: 'matmul',
      batch_size: 20,
      packages: ['which', 'python3-pip'],
    });
    expect(parsed.script).toMatch(/^#!\/usr\/bin\/env python3\nimport json, time\n/);
  });
});
