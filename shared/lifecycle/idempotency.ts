import { createHash } from 'node:crypto';
import { AmunError, isAmunError } from '../errors/amun-error.js';
import type { IdempotencyRecord } from '../inspection/idempotency-record.js';
import type { JsonObject } from '../inspection/specification.js';
import type { Versioned } from '../store/port.js';
import type { Ports } from './ports.js';

/** How long a key is kept, ms. */
export const IDEMPOTENCY_KEY_AGE_MS = 24 * 3_600_000;

/** 1 to 255 visible characters of ASCII. */
const KEY = /^[\x21-\x7e]{1,255}$/;

/** The identity of what is about to be made: the same for everybody who carries out one request. */
export interface Claim {
  readonly id: string;
  /** ISO 8601, UTC. */
  readonly created: string;
}

/** A request that makes something, with what is needed to carry it out once only. */
export interface OnceOnly<T extends JsonObject> {
  /** The request's Idempotency-Key; undefined: there is none, and it is simply carried out. */
  readonly key: string | undefined;
  /** What `fingerprintOf` makes of the request. */
  readonly request: string;
  /** Chooses the id of what is to be made. */
  readonly newId: () => string;
  /** Throws where nothing new is to be accepted at the moment; not asked about what was accepted. */
  readonly admit?: () => Promise<void>;
  /**
   * Makes it. Called again with the same claim where whoever was at it died, or still is at it: it
   * must end in one thing of that id. What it returns is kept with the key: small, without secrets.
   */
  readonly carryOut: (claim: Claim) => Promise<T>;
}

/** What became of a request. */
export interface OnceOutcome<T> {
  readonly outcome: T;
  /** True where the key was known. */
  readonly replayed: boolean;
}

/**
 * Carries a request out once, however often it comes with the same key: the id of what it makes is
 * written down before anything is made, so whoever comes later goes on with it or gives its outcome.
 * Throws InvalidRequest for what is no key, IdempotencyKeyReused where the key came with another
 * request in the last 24 hours, and what `admit` and `carryOut` throw.
 */
export async function carryOutOnce<T extends JsonObject>(
  ports: Pick<Ports, 'store' | 'now'>,
  request: OnceOnly<T>,
): Promise<OnceOutcome<T>> {
  const { key } = request;
  if (key === undefined) {
    await request.admit?.();
    const claim = { id: request.newId(), created: ports.now().toISOString() };
    return { outcome: await request.carryOut(claim), replayed: false };
  }
  const place = placeOf(key);
  const { claimed, replayed } = await claim(ports, place, request);
  const { value, version } = claimed;
  // What is kept under a fingerprint was returned by `carryOut` for the same request.
  if (value.outcome !== undefined) return { outcome: value.outcome as T, replayed };
  const outcome = await request.carryOut({ id: value.id, created: value.created });
  const kept = await keepOutcome(ports, place, { ...value, outcome }, version);
  return { outcome: (kept ?? outcome) as T, replayed };
}

/**
 * The fingerprint of a request: the same for JSON that says the same, in whatever order its fields
 * come. `operation` tells requests apart that differ in what they ask for only.
 */
export function fingerprintOf(operation: string, body: unknown): string {
  return createHash('sha256')
    .update(JSON.stringify([operation, sortFields(body)]))
    .digest('hex');
}

async function claim<T extends JsonObject>(
  ports: Pick<Ports, 'store' | 'now'>,
  place: string,
  { request, newId, admit }: OnceOnly<T>,
): Promise<{ claimed: Versioned<IdempotencyRecord>; replayed: boolean }> {
  const { idempotency } = ports.store;
  for (;;) {
    const found = await idempotency.get(place);
    if (found !== undefined && !isOver(found.value, ports.now())) {
      if (found.value.request === request) return { claimed: found, replayed: true };
      throw new AmunError(
        'IdempotencyKeyReused',
        'This Idempotency-Key came with another request before; use a new one for each request.',
      );
    }
    await admit?.();
    const record = { request, id: newId(), created: ports.now().toISOString() };
    try {
      const claimed =
        found === undefined
          ? await idempotency.create(place, record)
          : await idempotency.replace(place, record, found.version);
      return { claimed, replayed: false };
    } catch (error) {
      // The same key came a second time at this moment, and was faster.
      if (!isAmunError(error, 'Conflict') && !isAmunError(error, 'AlreadyExists')) throw error;
    }
  }
}

/** What is kept of others who carried it out at the same time, so that all answer the same. */
async function keepOutcome(
  { store }: Pick<Ports, 'store'>,
  place: string,
  record: IdempotencyRecord,
  version: number,
): Promise<JsonObject | undefined> {
  try {
    await store.idempotency.replace(place, record, version);
    return undefined;
  } catch (error) {
    if (!isAmunError(error, 'Conflict')) throw error;
    const other = (await store.idempotency.get(place))?.value;
    return other?.id === record.id ? other.outcome : undefined;
  }
}

/** Where the store keeps it: keys may hold what the store's own cannot. */
function placeOf(key: string): string {
  if (KEY.test(key)) return createHash('sha256').update(key).digest('hex');
  throw new AmunError(
    'InvalidRequest',
    'The Idempotency-Key cannot be used; write 1 to 255 visible ASCII characters, without spaces.',
  );
}

function isOver({ created }: IdempotencyRecord, now: Date): boolean {
  return now.getTime() - Date.parse(created) >= IDEMPOTENCY_KEY_AGE_MS;
}

function sortFields(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sortFields);
  if (typeof value !== 'object' || value === null) return value;
  const fields = Object.entries(value).sort(([left], [right]) => (left < right ? -1 : 1));
  // A list of pairs: as a field, __proto__ would be lost.
  return { fields: fields.map(([name, field]) => [name, sortFields(field)]) };
}
