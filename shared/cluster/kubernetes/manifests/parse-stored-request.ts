import type { EnvironmentVariable } from '../../../inspection/specification.js';
import { asObject } from '../../../json/read-json.js';
import { isId } from '../names.js';
import { parseRequests } from '../observe/parse-requests.js';
import { asInteger } from '../read-fields.js';
import type { StoredBuild, StoredFile, StoredJob, StoredRequest } from './stored-request.js';

type Fields = Readonly<Record<string, unknown>>;
/** What requests of both kinds have. */
type Common = Omit<StoredBuild, 'kind' | 'cacheKey'>;

const CACHE_KEY = /^[a-z0-9-]{1,64}$/;

/** A request as its owner keeps it; undefined for anything that we did not write. */
export function parseStoredRequest(text: unknown): StoredRequest | undefined {
  const fields = parseJson(text);
  const common = parseCommon(fields);
  if (common === undefined) return undefined;
  if (fields['kind'] === 'build') return parseBuild(fields, common);
  return fields['kind'] === 'job' ? parseJob(fields, common) : undefined;
}

function parseJson(text: unknown): Fields {
  if (typeof text !== 'string') return {};
  try {
    return asObject(JSON.parse(text));
  } catch {
    return {};
  }
}

function parseCommon(fields: Fields): Common | undefined {
  const { id } = fields;
  const files = parseList(fields['files'], parseFile);
  const requests = parseRequests(fields['requests']);
  const timeoutSeconds = asInteger(fields['timeoutSeconds']);
  if (typeof id !== 'string' || !isId(id) || files === undefined) return undefined;
  if (requests === undefined || timeoutSeconds === undefined) return undefined;
  const { bundle } = fields;
  if (bundle === undefined) return { id, files, requests, timeoutSeconds };
  if (!isMap(bundle)) return undefined;
  return { id, files, requests, timeoutSeconds, bundle };
}

function parseBuild({ cacheKey }: Fields, common: Common): StoredBuild | undefined {
  if (cacheKey === undefined) return { kind: 'build', ...common };
  if (typeof cacheKey !== 'string' || !CACHE_KEY.test(cacheKey)) return undefined;
  return { kind: 'build', ...common, cacheKey };
}

function parseJob(fields: Fields, common: Common): StoredJob | undefined {
  const { image } = fields;
  const batchSize = asInteger(fields['batchSize']);
  const init = parseList(fields['init'], parseText);
  const command = parseList(fields['command'], parseText);
  const environment = parseList(fields['environment'], parseVariable);
  if (typeof image !== 'string' || batchSize === undefined) return undefined;
  if (init === undefined || command === undefined || environment === undefined) return undefined;
  return { kind: 'job', ...common, image, batchSize, init, command, environment };
}

/** All or nothing: a request without one of its files would be another request. */
function parseList<T>(value: unknown, parse: (item: unknown) => T | undefined): T[] | undefined {
  if (!Array.isArray(value)) return undefined;
  const parsed = value.map(parse);
  return parsed.every((item) => item !== undefined) ? parsed : undefined;
}

function parseText(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

function parseFile(value: unknown): StoredFile | undefined {
  const { key, path, mode, map } = asObject(value);
  if (typeof key !== 'string' || typeof path !== 'string') return undefined;
  const bits = asInteger(mode);
  if (bits === undefined) return undefined;
  if (map === undefined) return { key, path, mode: bits };
  return isMap(map) ? { key, path, mode: bits, map } : undefined;
}

function isMap(name: unknown): name is string {
  return typeof name === 'string' && isId(name);
}

function parseVariable(variable: unknown): EnvironmentVariable | undefined {
  const { name, value } = asObject(variable);
  return typeof name === 'string' && typeof value === 'string' ? { name, value } : undefined;
}
