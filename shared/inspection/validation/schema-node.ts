import { schema } from '../generated/validate-specification.js';

/** The part of JSON Schema that the specification's schema uses and code reads. */
export interface SchemaNode {
  readonly $ref?: string;
  readonly properties?: { readonly [name: string]: SchemaNode };
  readonly additionalProperties?: boolean | SchemaNode;
  readonly items?: SchemaNode;
  readonly default?: unknown;
  readonly examples?: readonly unknown[];
  readonly $defs?: { readonly [name: string]: SchemaNode };
}

/** The specification's schema. */
export const SPECIFICATION_SCHEMA: SchemaNode = schema;

/** The node that a node's $ref names, or the node itself. */
export function resolveNode(node: SchemaNode): SchemaNode {
  const name = node.$ref?.replace('#/$defs/', '');
  const target = name === undefined ? undefined : SPECIFICATION_SCHEMA.$defs?.[name];
  return target ?? node;
}

/** The node that a place in a specification must fit; a JSON pointer's unescaped segments lead to it. */
export function findNode(segments: readonly string[]): SchemaNode {
  return segments.reduce<SchemaNode>(descend, SPECIFICATION_SCHEMA);
}

function descend(node: SchemaNode, segment: string): SchemaNode {
  const { properties, additionalProperties, items } = node;
  const known = properties && Object.hasOwn(properties, segment) ? properties[segment] : undefined;
  const other = typeof additionalProperties === 'object' ? additionalProperties : items;
  return resolveNode(known ?? other ?? {});
}
