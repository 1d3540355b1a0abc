import { randomUUID } from 'node:crypto';
import type { FastifyRequest } from 'fastify';

/** What tells one call from another, in logs, answers and on the bus. */
export interface CallIdentity {
  readonly callId: string;
  /** Unix time in nanoseconds. */
  readonly startTime: string;
}

const identities = new WeakMap<FastifyRequest, CallIdentity>();

/** The call's identity: the caller's own X-Call-Id where it is a sane one, else a new one. */
export function identifyCall(request: FastifyRequest): CallIdentity {
  const known = identities.get(request);
  if (known !== undefined) return known;
  const given = request.headers['x-call-id'];
  const made = {
    callId: typeof given === 'string' && /^[\w.:-]{1,128}$/.test(given) ? given : randomUUID(),
    startTime: `${Date.now()}000000`,
  };
  identities.set(request, made);
  return made;
}
