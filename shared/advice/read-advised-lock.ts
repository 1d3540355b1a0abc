import { createHash } from 'node:crypto';
import { gunzipSync } from 'node:zlib';
import type { JsonObject } from '../inspection/specification.js';
import { checkJson } from '../inspection/validation/check-json.js';

/** A piece of a lock, as ask-advice.sh writes it: its hash, which piece of how many, base64. */
const PIECE = /amun-advice-lock:([0-9a-f]{64}):(\d{1,3})\/(\d{1,3}):([A-Za-z0-9+/=]{1,4000})\s*$/;
/** As many as ask-advice.sh writes. */
const MOST_PIECES = 500;
const MOST_BYTES = 8 * 1024 * 1024;
const LIMITS = { maxDepth: 16, maxValues: 200_000, maxBytes: MOST_BYTES };

/**
 * The Pipfile.lock with this SHA-256 (hex), from the pieces of it in a build log; undefined where one
 * is missing, or they are not what the hash is of, or no JSON object that is fit to be kept.
 */
export function readAdvisedLock(log: string, sha256: string): JsonObject | undefined {
  const pieces = new Map<number, string>();
  let count = 0;
  for (const line of log.split('\n')) {
    // Cheaper than the expression, for logs that are long.
    if (!line.includes('amun-advice-lock:')) continue;
    const [, hash, part, parts, text] = PIECE.exec(line) ?? [];
    if (hash !== sha256 || text === undefined) continue;
    count = Number(parts);
    if (!pieces.has(Number(part))) pieces.set(Number(part), text);
    if (pieces.size > MOST_PIECES) return undefined;
  }
  if (count === 0 || pieces.size !== count) return undefined;
  const ordered = Array.from({ length: count }, (_, part) => pieces.get(part) ?? '');
  return unpack(ordered.join(''), sha256);
}

function unpack(base64: string, sha256: string): JsonObject | undefined {
  try {
    const content = gunzipSync(Buffer.from(base64, 'base64'), { maxOutputLength: MOST_BYTES });
    if (createHash('sha256').update(content).digest('hex') !== sha256) return undefined;
    const lock: unknown = JSON.parse(content.toString('utf8'));
    if (typeof lock !== 'object' || lock === null || Array.isArray(lock)) return undefined;
    return checkJson(lock, LIMITS) === undefined ? (lock as JsonObject) : undefined;
  } catch {
    return undefined;
  }
}
