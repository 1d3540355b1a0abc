import { explainSchemaError } from '../../../../shared/inspection/validation/explain-schema-error.js';
import {
  resolveNode,
  SPECIFICATION_SCHEMA,
  type SchemaNode,
} from '../../../../shared/inspection/validation/schema-node.js';

/** Keywords that demand nothing by themselves. */
const SILENT = new Set([
  ...['$schema', '$defs', '$ref', 'title', 'description', 'default', 'examples'],
  ...['properties', 'patternProperties', 'items'],
]);

/** Every node of the schema, by its place. */
function listNodes(node: SchemaNode, place: string): [place: string, node: SchemaNode][] {
  const { properties = {}, additionalProperties, items, $defs = {} } = node;
  return [
    [place, node],
    ...Object.entries({ ...properties, ...$defs }).flatMap(([name, child]) =>
      listNodes(child, `${place}.${name}`),
    ),
    ...(items ? listNodes(items, `${place}[]`) : []),
    ...(typeof additionalProperties === 'object'
      ? listNodes(additionalProperties, `${place}.*`)
      : []),
  ];
}

const NODES = listNodes(SPECIFICATION_SCHEMA, '');
const KEYWORDS = new Set(
  NODES.flatMap(([, node]) => Object.keys(node)).filter((keyword) => !SILENT.has(keyword)),
);

describe('explainSchemaError', () => {
  test.each([...KEYWORDS])('has words of its own for %s', (keyword) => {
    const params = {
      limit: 1,
      type: 'string',
      missingProperty: 'x',
      additionalProperty: 'x',
      allowedValues: ['x'],
    };
    const error = { keyword, params, instancePath: '/base', schemaPath: '' };
    const { message } = explainSchemaError(error, { base: 1 });
    expect(message).toMatch(/\.$/);
    expect(message).not.toContain('is not valid');
  });

  test.each(NODES.filter(([, node]) => 'type' in node && node !== SPECIFICATION_SCHEMA))(
    'has an example for %s',
    (_, node) => {
      expect(resolveNode(node).examples?.length).toBeGreaterThan(0);
    },
  );

  test.each(NODES.filter(([, node]) => 'type' in node))('finds %s bounded', (_, node) => {
    const bounded = node as Record<string, unknown>;
    const types = [bounded.type].flat();
    if (types.includes('string') && !('enum' in node)) expect(bounded.maxLength).toBeGreaterThan(0);
    if (types.includes('array')) expect(bounded.maxItems).toBeGreaterThan(0);
    if (types.includes('integer'))
      expect([bounded.minimum, bounded.maximum]).not.toContain(undefined);
    if (types.includes('object') && bounded.additionalProperties !== false) {
      expect(bounded.maxProperties).toBeGreaterThan(0);
    }
  });
});
