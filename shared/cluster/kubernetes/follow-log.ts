import { setTimeout as sleep } from 'node:timers/promises';
import { isAmunError } from '../../errors/amun-error.js';
import type { LogOptions } from '../port.js';
import type { ApiServer, Query } from './api/api-server.js';

const POLL_MS = 500;

/** Path and query of a log. */
export interface LogSource {
  readonly path: string;
  readonly query?: Query;
}

/** Where a log stands at the moment. */
export interface LogPlace {
  /** What can be read; undefined while there is nothing. */
  readonly from?: LogSource;
  /** True where it may grow while it is read. */
  readonly isLive: boolean;
  /** True where nothing comes after this reading. */
  readonly isLast: boolean;
}

/**
 * A log as an API server has it. It knows no logs by offset, so what is to be left out is read and
 * dropped. Following goes on over cut connections, until nothing more can come or its place is gone.
 *
 * @param locate undefined where there is nothing any more
 */
export async function* followLog(
  api: ApiServer,
  { offset = 0, follow = false, signal }: LogOptions,
  locate: () => Promise<LogPlace | undefined>,
): AsyncIterable<Uint8Array> {
  let position = offset;
  while (signal?.aborted !== true) {
    const place = await locate();
    if (place === undefined) return;
    if (place.from !== undefined) {
      const isLive = follow && place.isLive;
      for await (const piece of readOnce(api, place.from, position, isLive, signal)) {
        position += piece.byteLength;
        yield piece;
      }
    }
    if (!follow || place.isLast) return;
    await sleep(POLL_MS, undefined, signal === undefined ? {} : { signal }).catch(() => undefined);
  }
}

/** From the given byte to what is there now, or to the end of the container. */
async function* readOnce(
  api: ApiServer,
  { path, query }: LogSource,
  from: number,
  follow: boolean,
  signal: AbortSignal | undefined,
): AsyncIterable<Uint8Array> {
  const source = { path, query: { ...query, ...(follow ? { follow: true } : {}) } };
  try {
    yield* readPieces(api, source, from, signal);
  } catch (error) {
    if (signal?.aborted === true) return;
    // Cut while following: whoever follows goes on from where it was. Not started, or gone: nothing.
    const isPassing = follow && isAmunError(error) && error.entry.retryable;
    if (isPassing || isAmunError(error, 'InvalidRequest') || isAmunError(error, 'NotFound')) return;
    throw error;
  }
}

/** What the API server has of a log, from the given byte on. Throws what `stream` throws. */
export async function* readPieces(
  api: ApiServer,
  { path, query = {} }: LogSource,
  from: number,
  signal: AbortSignal | undefined,
): AsyncGenerator<Uint8Array, void> {
  let seen = 0;
  for await (const piece of api.stream(path, { query, ...(signal && { signal }) })) {
    const skip = Math.max(0, from - seen);
    seen += piece.byteLength;
    if (skip < piece.byteLength) yield piece.subarray(skip);
  }
}
