// Makes of the API's document what is served, what routes and checks requests, and types.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { stringify } from 'yaml';
import { areCurrent, bundleCode, replaceFile, stampOf } from './generated-file.js';
import { operationsOf, readApiDocument, readSources, resolve } from './read-api-document.js';
import { ROOT as root } from './root.js';

const folder = join(root, 'shared/api/generated');
const SERVED_BY = ['submit', 'status', 'gateway'];
const FILES = [
  'types.d.ts',
  ...['document-json', 'document-yaml', 'routes', ...SERVED_BY].flatMap((name) => [
    `${name}.js`,
    `${name}.d.ts`,
  ]),
];

/** Writes shared/api/generated, unless it is there as it should be. */
export async function generateApi() {
  const own = ['generate-api.js', 'read-api-document.js', 'generated-file.js'];
  const tools = ['ajv', 'ajv-formats', 'openapi-typescript'];
  const stamp = stampOf([
    await readSources(),
    await Promise.all(own.map((name) => readFile(join(root, 'scripts', name), 'utf8'))),
    await Promise.all(
      tools.map((name) => readFile(join(root, 'node_modules', name, 'package.json'), 'utf8')),
    ),
  ]);
  if (
    await areCurrent(
      FILES.map((name) => join(folder, name)),
      stamp,
    )
  )
    return;
  const document = await readApiDocument();
  const texts = {
    ...makeDocument(document),
    ...makeRoutes(document),
    'types.d.ts': await makeTypes(document),
  };
  for (const name of SERVED_BY) Object.assign(texts, await makeOperations(document, name));
  for (const [name, text] of Object.entries(texts)) {
    await replaceFile(join(folder, name), `${stamp}\n${text}`);
  }
}

/** As text: who serves it need not parse it first. Apart, since a function starts with one of them. */
function makeDocument(document) {
  const texts = {
    json: JSON.stringify(document),
    yaml: stringify(document, { aliasDuplicateObjects: false, lineWidth: 100 }),
  };
  return Object.fromEntries(
    Object.entries(texts).flatMap(([format, text]) => [
      [`document-${format}.js`, `export const ${format} = ${JSON.stringify(text)};\n`],
      [
        `document-${format}.d.ts`,
        `/** The document as ${format.toUpperCase()}. */\nexport declare const ${format}: string;\n`,
      ],
    ]),
  );
}

function makeRoutes(document) {
  const routes = operationsOf(document).map(({ path, method, operation }) => ({
    id: operation.operationId,
    method: method.toUpperCase(),
    path,
    servedBy: operation['x-amun-served-by'],
  }));
  return {
    'routes.js': `export const routes = ${JSON.stringify(routes, null, 2)};\n`,
    'routes.d.ts': `import type { Route } from '../operation.js';\n\n/** Every operation there is. */\nexport declare const routes: readonly Route[];\n`,
  };
}

async function makeTypes(document) {
  const { default: openapiTS, astToString } = await import('openapi-typescript');
  return astToString(await openapiTS(structuredClone(document), { immutable: true }));
}

/** The operations that one program serves: a table to route by, with compiled checks. */
async function makeOperations(document, servedBy) {
  const { default: Ajv } = await import('ajv/dist/2020.js');
  const { default: standaloneCode } = await import('ajv/dist/standalone/index.js');
  const { default: addFormats } = await import('ajv-formats');
  const ajv = new Ajv.default({ strict: false, code: { source: true, esm: true, lines: true } });
  addFormats.default(ajv);
  const checks = new Map();
  const operations = [];
  const types = [];
  for (const { path, method, operation, parameters } of operationsOf(document)) {
    if (operation['x-amun-served-by'] !== servedBy) continue;
    const { operationId } = operation;
    const known = parameters.map((parameter) => readParameter(document, parameter));
    types.push(`  readonly ${operationId}: ${parameterTypes(known)};`);
    const rows = known.map(({ schema, ...row }) => {
      const text = JSON.stringify(schema);
      if (!checks.has(text)) checks.set(text, `check${checks.size}`);
      return `      { ...${JSON.stringify(row)}, isValid: ${checks.get(text)} },\n`;
    });
    operations.push(
      `  {\n    id: ${JSON.stringify(operationId)},\n    method: ${JSON.stringify(method.toUpperCase())},\n    path: ${JSON.stringify(path)},\n    servedBy: ${JSON.stringify(servedBy)},\n    parameters: [\n${rows.join('')}    ],\n  },\n`,
    );
  }
  for (const [text, name] of checks) ajv.addSchema(JSON.parse(text), name);
  const names = [...checks.values()];
  const code =
    names.length === 0
      ? ''
      : standaloneCode.default(ajv, Object.fromEntries(names.map((name) => [name, name])));
  const table = `export const operations = [\n${operations.join('')}];\n`;
  const source = `${code.replace(/export const (check\d+) =/g, 'const $1 =')}\n${table}`;
  return {
    [`${servedBy}.js`]: await bundleCode(source, `${servedBy}.js`, root),
    [`${servedBy}.d.ts`]: `import type { Operation } from '../operation.js';\n\n/** The parameters of each operation, parsed and complete. */\nexport interface OperationParameters {\n${types.join('\n')}\n}\n\nexport declare const operations: readonly Operation[];\n`,
  };
}

/** What the router needs to know of a parameter. */
function readParameter(document, given) {
  const parameter = resolve(document, given);
  const schema = inline(document, parameter.schema);
  const isList = schema.type === 'array';
  const item = isList ? schema.items : schema;
  return {
    name: parameter.name,
    in: parameter.in,
    kind: ['integer', 'number', 'boolean'].includes(item.type) ? item.type : 'string',
    isList,
    isRequired: parameter.required === true,
    ...(schema.default === undefined ? {} : { fallback: schema.default }),
    write: parameter['x-amun-write'] ?? describe(item),
    ...(parameter['x-amun-noun'] === undefined ? {} : { noun: parameter['x-amun-noun'] }),
    schema,
    type: typeOf(schema),
  };
}

function inline(document, value) {
  if (Array.isArray(value)) return value.map((one) => inline(document, one));
  if (typeof value !== 'object' || value === null) return value;
  const { $ref, description: _, examples: __, ...rest } = value;
  const target = $ref === undefined ? {} : inline(document, resolve(document, { $ref }));
  const own = Object.entries(rest).map(([key, one]) => [key, inline(document, one)]);
  return { ...target, ...Object.fromEntries(own) };
}

/** How a sentence goes on after "write". */
function describe({ type, enum: values, minimum, maximum, maxLength }) {
  if (values !== undefined) {
    const last = values.at(-1);
    return values.length === 1 ? last : `${values.slice(0, -1).join(', ')} or ${last}`;
  }
  if (type === 'boolean') return 'true or false';
  if (type !== 'integer' && type !== 'number') {
    return maxLength === undefined ? 'other text' : `text of at most ${maxLength} characters`;
  }
  const noun = type === 'integer' ? 'a whole number' : 'a number';
  const from = minimum === undefined ? '' : ` from ${minimum}`;
  const isBound = maximum !== undefined && maximum < 1e9;
  return `${noun}${from}${isBound ? ` to ${maximum}` : ''}`;
}

function typeOf({ type, items, enum: values }) {
  if (type === 'array') return `readonly (${typeOf(items)})[]`;
  if (values !== undefined) return values.map((value) => JSON.stringify(value)).join(' | ');
  return { integer: 'number', number: 'number', boolean: 'boolean' }[type] ?? 'string';
}

function parameterTypes(parameters) {
  const places = ['path', 'query', 'header'].map((place) => {
    const fields = parameters
      .filter((parameter) => parameter.in === place)
      .map(({ name, type, isRequired, fallback }) => {
        const isThere = isRequired || fallback !== undefined;
        return `readonly ${JSON.stringify(name)}: ${type}${isThere ? '' : ' | undefined'}`;
      });
    return `readonly ${place}: { ${fields.join('; ')} }`;
  });
  return `{ ${places.join('; ')} }`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await generateApi();
