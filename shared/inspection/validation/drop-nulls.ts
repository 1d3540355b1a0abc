import { resolveNode, type SchemaNode } from './schema-node.js';

/**
 * The value without those fields of ours that are null: they count as absent. What a user may name
 * freely (the inside of a Pipfile.lock, say) keeps its nulls. The input stays as it is; what holds
 * no such null is not copied.
 */
export function dropNulls(value: unknown, schemaNode: SchemaNode): unknown {
  const node = resolveNode(schemaNode);
  if (Array.isArray(value)) return dropInItems(value, node);
  if (typeof value !== 'object' || value === null) return value;
  return dropInMembers(value as Record<string, unknown>, node);
}

function dropInItems(items: readonly unknown[], node: SchemaNode): readonly unknown[] {
  const itemNode = node.items;
  if (itemNode === undefined) return items;
  const kept = items.map((item) => dropNulls(item, itemNode));
  return kept.every((item, index) => item === items[index]) ? items : kept;
}

function dropInMembers(value: Record<string, unknown>, { properties }: SchemaNode): object {
  const changes = new Map<string, unknown>();
  for (const name in properties) {
    if (!Object.hasOwn(value, name)) continue;
    const kept = dropNulls(value[name], properties[name] ?? {});
    if (kept === null || kept !== value[name]) changes.set(name, kept);
  }
  if (changes.size === 0) return value;
  const members = Object.entries(value).map(([name, member]): [string, unknown] => [
    name,
    changes.has(name) ? changes.get(name) : member,
  ]);
  return Object.fromEntries(
    members.filter(([name, member]) => member !== null || !changes.has(name)),
  );
}
