import type { Finding } from '../../errors/amun-error.js';
import type { Json, JsonObject } from '../specification.js';
import { jsonPointer, quoteText } from '../validation/json-pointer.js';
import type { SentPythonStack } from '../validation/sent-specification.js';
import { explainHttpUrl } from './http-url.js';
import { isPythonProjectName } from './python-requirement.js';

/** True where a part of the stack is absent or {}. */
export function isEmptyPart(part: JsonObject | undefined): boolean {
  return part === undefined || Object.keys(part).length === 0;
}

/**
 * A Pipfile and its Pipfile.lock: both or neither, and in the shape that installers read.
 * @param isAdvised true where the lock may be left out, for Thoth brings one
 */
export function checkPythonStack(stack: SentPythonStack, isAdvised = false): Finding[] {
  const { requirements, requirements_locked: locked } = stack;
  if (isEmptyPart(requirements) && isEmptyPart(locked)) return [];
  if (isEmptyPart(requirements)) return [missing('requirements', 'a Pipfile as JSON')];
  if (isEmptyPart(locked) && isAdvised) return checkPipfile(requirements ?? {});
  if (isEmptyPart(locked)) return [missing('requirements_locked', 'a Pipfile.lock as JSON')];
  return [...checkPipfile(requirements ?? {}), ...checkLock(locked ?? {})];
}

function missing(part: string, what: string): Finding {
  const message = `python.${part} is empty while its other half is not; write ${what}, or leave both out.`;
  return { pointer: `/python/${part}`, message };
}

function checkPipfile(pipfile: JsonObject): Finding[] {
  const at = ['python', 'requirements'];
  return [
    ...checkSources([...at, 'source'], pipfile.source),
    ...checkNames([...at, 'packages'], pipfile.packages),
    ...checkNames([...at, 'dev-packages'], pipfile['dev-packages']),
    ...findNulls(at, pipfile),
  ];
}

function checkLock(lock: JsonObject): Finding[] {
  const at = ['python', 'requirements_locked'];
  const findings: Finding[] = [];
  for (const [name, example] of Object.entries({ _meta: '{"sources": []}', default: '{}' })) {
    if (lock[name] !== undefined) continue;
    const message = `A Pipfile.lock has the field ${name}; write the whole lock as pipenv made it, or ${example}.`;
    findings.push({ pointer: jsonPointer(...at, name), message });
  }
  const meta = lock._meta;
  const sources = isObject(meta) ? meta.sources : undefined;
  return [
    ...findings,
    ...checkSources([...at, '_meta', 'sources'], sources),
    ...checkNames([...at, 'default'], lock.default),
    ...checkNames([...at, 'develop'], lock.develop),
  ];
}

function checkSources(at: readonly string[], sources: Json | undefined): Finding[] {
  if (!Array.isArray(sources)) return [];
  return sources.flatMap((source, index) => {
    const url = isObject(source) ? source.url : undefined;
    if (typeof url !== 'string') return [];
    const why = explainHttpUrl(url);
    if (why === undefined) return [];
    const message = `The package index ${quoteText(url)} cannot be used: ${why}.`;
    return [{ pointer: jsonPointer(...at, index, 'url'), message }];
  });
}

function checkNames(at: readonly string[], packages: Json | undefined): Finding[] {
  if (!isObject(packages)) return [];
  return Object.keys(packages)
    .filter((name) => !isPythonProjectName(name))
    .map((name) => ({
      pointer: jsonPointer(...at, name),
      message: `${quoteText(name)} is no name of a Python package; write letters, digits and . _ - only.`,
    }));
}

/** A Pipfile is TOML, which has no null. */
function findNulls(at: readonly (string | number)[], value: Json): Finding[] {
  if (value === null) {
    return [
      { pointer: jsonPointer(...at), message: 'A Pipfile cannot hold null; leave the field out.' },
    ];
  }
  if (typeof value !== 'object') return [];
  const members = Array.isArray(value) ? value.entries() : Object.entries(value);
  return [...members].flatMap(([key, member]) => findNulls([...at, key], member));
}

function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
