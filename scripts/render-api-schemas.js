// The API's schemas as Markdown for people.
import { resolve } from './read-api-document.js';

/** Those of answers; the specification has a page of its own. */
export function renderSchemas(document) {
  const parts = Object.entries(document.components.schemas)
    .filter(([name]) => !name.startsWith('Specification'))
    .map(([name, schema]) => renderSchema(document, name, schema));
  return `## Schemas\n\n${parts.join('\n\n')}`;
}

function renderSchema(document, name, schema) {
  const rows = Object.entries(schema.properties ?? {}).map(([key, property]) => {
    const text = property.description ?? resolve(document, property).description ?? '';
    const optional = schema.required?.includes(key) ? '' : ' (optional)';
    return `| \`${key}\`${optional} | ${describeType(document, property)} | ${text.trim().replaceAll('\n', ' ')} |`;
  });
  const table = `| Field | Type | |\n| --- | --- | --- |\n${rows.join('\n')}`;
  const about = [
    schema.description ?? '',
    rows.length === 0 ? `${capitalise(describeType(document, schema))}.` : '',
  ];
  return [`### ${name}`, about.filter(Boolean).join(' '), rows.length === 0 ? '' : table]
    .filter(Boolean)
    .join('\n\n');
}

/** What kind of value it is, in words. */
export function describeType(document, schema) {
  if (schema.$ref !== undefined) {
    const name = schema.$ref.split('/').at(-1);
    return name === 'Specification'
      ? '[Specification](specification.md)'
      : `[${name}](#${name.toLowerCase()})`;
  }
  const several = schema.oneOf ?? schema.anyOf;
  if (several !== undefined) return several.map((one) => describeType(document, one)).join(' or ');
  if (schema.const !== undefined) return `\`${schema.const}\``;
  if (schema.enum !== undefined) return schema.enum.map((value) => `\`${value}\``).join(', ');
  const types = [schema.type ?? 'anything'].flat();
  const words = types.map((type) =>
    type === 'array'
      ? `list of ${describeType(document, schema.items ?? {})}`
      : (WORDS[type] ?? type),
  );
  return words.join(' or ');
}

const WORDS = { string: 'text', integer: 'whole number', boolean: 'true or false' };

/** With its first letter large, as a sentence begins. */
export function capitalise(text) {
  return `${text.slice(0, 1).toUpperCase()}${text.slice(1)}`;
}
