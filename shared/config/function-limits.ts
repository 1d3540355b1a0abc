import { AmunError } from '../errors/amun-error.js';
import { readText, type Environment } from './read-variable.js';

/** What OpenFaaS sets for a function in stack.yml; the same variables mean the same here. */
export interface FunctionLimits {
  /** MAX_RAW_SIZE ("1mb", "512kb" or bytes): the largest body handed over. Default 1 MiB. */
  readonly maxBodyBytes: number;
  /** exec_timeout ("60s", "2m", "1m30s"): after it the caller is answered 504. Default 60 s. */
  readonly execTimeoutMs: number;
}

const UNITS = { b: 1, kb: 1024, mb: 1024 ** 2, gb: 1024 ** 3 } as const;
const MILLISECONDS = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 } as const;

/** Reads a function's limits from the environment; throws InvalidRequest naming the variable. */
export function loadFunctionLimits(environment: Environment = process.env): FunctionLimits {
  return {
    maxBodyBytes: readSize(environment, 'MAX_RAW_SIZE', 1024 ** 2),
    execTimeoutMs: readDuration(environment, 'exec_timeout', 60_000),
  };
}

/** Bytes, in the notation of the template's body parser. */
function readSize(environment: Environment, name: string, fallback: number): number {
  const text = readText(environment, name);
  if (text === undefined) return fallback;
  const match = /^(\d+(?:\.\d+)?) *(b|kb|mb|gb)?$/i.exec(text);
  if (match?.[1] === undefined) {
    throw new AmunError('InvalidRequest', `${name} is "${text}"; write a size such as 1mb.`);
  }
  const unit = (match[2]?.toLowerCase() ?? 'b') as keyof typeof UNITS;
  return Math.floor(Number(match[1]) * UNITS[unit]);
}

/** Milliseconds, in Go's notation of durations, or whole seconds. */
function readDuration(environment: Environment, name: string, fallback: number): number {
  const text = readText(environment, name);
  if (text === undefined) return fallback;
  if (/^\d+$/.test(text)) return Number(text) * 1000;
  if (!/^(\d+(\.\d+)?(ms|s|m|h))+$/.test(text)) {
    throw new AmunError('InvalidRequest', `${name} is "${text}"; write a duration such as 60s.`);
  }
  return [...text.matchAll(/(\d+(?:\.\d+)?)(ms|s|m|h)/g)].reduce(
    (sum, [, count, unit]) => sum + Number(count) * MILLISECONDS[unit as keyof typeof MILLISECONDS],
    0,
  );
}
