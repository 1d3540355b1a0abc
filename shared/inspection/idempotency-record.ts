import type { JsonObject } from './specification.js';

/** What is kept of an idempotency key. */
export interface IdempotencyRecord {
  /** Fingerprint of the request that came with the key first. */
  readonly request: string;
  /** The id of what that request makes, chosen before anything was made. */
  readonly id: string;
  /** When it was chosen; ISO 8601, UTC. */
  readonly created: string;
  /** What became of the request; absent while it is carried out, or whoever did so died over it. */
  readonly outcome?: JsonObject;
}
