// Puts the pieces of shared/api/openapi together: see the top of openapi.yaml.
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'yaml';
import { ROOT as root } from './root.js';

const sources = join(root, 'shared/api/openapi');
const METHODS = ['get', 'put', 'post', 'delete', 'patch'];

/** Every text that the document is made from. */
export async function readSources() {
  const names = (await readdir(sources, { recursive: true })).filter((name) =>
    name.endsWith('.yaml'),
  );
  const files = [...names.sort().map((name) => join(sources, name)), ...OTHERS];
  return Promise.all(files.map((file) => readFile(file, 'utf8')));
}

const OTHERS = [
  join(root, 'shared/inspection/specification.schema.json'),
  join(root, 'package.json'),
];

/** The whole document, every operation with the answers that any may give. Throws where it is not one. */
export async function readApiDocument() {
  const { 'x-amun-responses': added, ...head } = await readYaml('openapi.yaml');
  const manifest = JSON.parse(await readFile(OTHERS[1], 'utf8'));
  const specification = merge(
    JSON.parse(await readFile(OTHERS[0], 'utf8')),
    await readYaml('specification.yaml'),
  );
  const schemas = { ...(await mergeFolder('schemas')), ...hoistSpecification(specification) };
  const document = {
    ...head,
    info: { ...head.info, version: manifest.version },
    paths: await mergeFolder('paths'),
    components: {
      schemas: sortKeys(schemas),
      parameters: await readYaml('parameters.yaml'),
      responses: await readYaml('responses.yaml'),
      examples: await readYaml('examples.yaml'),
    },
  };
  for (const { operation, method } of operationsOf(document)) {
    const isOfFunction = operation['x-amun-served-by'] !== 'gateway';
    const ofMethod = method === 'get' && isStream(operation) ? {} : added[method];
    operation.responses = sortKeys({
      ...added.every,
      ...(isOfFunction ? added.functions : {}),
      ...ofMethod,
      ...operation.responses,
    });
  }
  check(document);
  return document;
}

/** Every operation, with its path's parameters among its own. */
export function operationsOf(document) {
  return Object.entries(document.paths).flatMap(([path, item]) =>
    METHODS.filter((method) => method in item).map((method) => {
      const operation = item[method];
      const parameters = [...(item.parameters ?? []), ...(operation.parameters ?? [])];
      return { path, method, operation, parameters };
    }),
  );
}

/** What a $ref of the document means; anything else as it is. */
export function resolve(document, value) {
  if (typeof value?.$ref !== 'string') return value;
  const found = value.$ref
    .replace(/^#\//, '')
    .split('/')
    .reduce((place, key) => place?.[key], document);
  if (found === undefined) throw new Error(`shared/api/openapi: nothing at ${value.$ref}`);
  return resolve(document, found);
}

const STREAMS = ['application/x-ndjson', 'text/event-stream'];

function isStream({ responses }) {
  return STREAMS.some((type) => type in (responses['200']?.content ?? {}));
}

async function readYaml(name) {
  const text = await readFile(join(sources, name), 'utf8');
  try {
    return parse(text, { merge: true, maxAliasCount: -1 }) ?? {};
  } catch (error) {
    throw new Error(`shared/api/openapi/${name}: ${error.message}`, { cause: error });
  }
}

/** What is added at the same place, keyword by keyword. */
function merge(node, added) {
  const merged = { ...node };
  for (const [key, value] of Object.entries(added)) {
    const isPlace = typeof value === 'object' && !Array.isArray(value) && key in node;
    merged[key] = isPlace ? merge(node[key], value) : value;
  }
  return merged;
}

async function mergeFolder(folder) {
  const merged = {};
  for (const name of (await readdir(join(sources, folder))).sort()) {
    for (const [key, value] of Object.entries(await readYaml(join(folder, name)))) {
      if (key in merged) throw new Error(`shared/api/openapi/${folder}: ${key} is there twice`);
      merged[key] = value;
    }
  }
  return merged;
}

/** The specification's schema as components: its $defs beside it, null allowed where it means absent. */
function hoistSpecification({ $schema: _, $defs, ...schema }) {
  const nameOf = (name) => `Specification${name[0].toUpperCase()}${name.slice(1)}`;
  const rewrite = (node) => {
    if (Array.isArray(node)) return node.map(rewrite);
    if (typeof node !== 'object' || node === null) return node;
    const { $ref, properties, examples, default: fallback, ...rest } = node;
    const made = Object.fromEntries(
      Object.entries(rest).map(([key, value]) => [key, rewrite(value)]),
    );
    if (fallback !== undefined) made.default = fallback;
    if (examples !== undefined) made.examples = examples;
    if ($ref !== undefined) {
      made.$ref = $ref.replace(
        /^#\/\$defs\/(.*)$/,
        (_all, name) => `#/components/schemas/${nameOf(name)}`,
      );
    }
    if (properties !== undefined) {
      made.properties = Object.fromEntries(
        Object.entries(properties).map(([key, value]) => {
          const isRequired = node.required?.includes(key) === true;
          return [key, isRequired ? rewrite(value) : allowNull(rewrite(value))];
        }),
      );
    }
    return made;
  };
  const parts = Object.entries($defs).map(([name, value]) => [nameOf(name), rewrite(value)]);
  return { Specification: rewrite(schema), ...Object.fromEntries(parts) };
}

/** null for an optional field counts as absent. */
function allowNull(schema) {
  if (schema.$ref !== undefined) {
    const { $ref, ...rest } = schema;
    return { ...rest, anyOf: [{ $ref }, { type: 'null' }] };
  }
  if (schema.type === undefined) return schema;
  const values = schema.enum === undefined ? {} : { enum: [...schema.enum, null] };
  return { ...schema, type: [schema.type, 'null'].flat(), ...values };
}

function sortKeys(map) {
  return Object.fromEntries(Object.entries(map).sort(([a], [b]) => (a < b ? -1 : 1)));
}

function check(document) {
  const visit = (node) => {
    if (typeof node !== 'object' || node === null) return;
    if (typeof node.$ref === 'string') resolve(document, node);
    Object.values(node).forEach(visit);
  };
  visit(document);
  const ids = new Set();
  for (const { path, method, operation } of operationsOf(document)) {
    const { operationId, summary, description, tags } = operation;
    const by = operation['x-amun-served-by'];
    const place = `shared/api/openapi: ${method.toUpperCase()} ${path}`;
    if (!operationId || !summary || !description || !tags) {
      throw new Error(`${place} needs operationId, summary, description and tags`);
    }
    for (const tag of tags) {
      if (!document.tags.some(({ name }) => name === tag)) {
        throw new Error(`${place}: tag ${tag} is not in openapi.yaml`);
      }
    }
    if (!['submit', 'status', 'gateway'].includes(by)) {
      throw new Error(`${place} needs x-amun-served-by: submit, status or gateway`);
    }
    if (ids.has(operationId))
      throw new Error(`${place}: operationId ${operationId} is there twice`);
    ids.add(operationId);
  }
}
