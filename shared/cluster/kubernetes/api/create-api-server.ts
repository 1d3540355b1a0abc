import { AmunError } from '../../../errors/amun-error.js';
import type { Access } from './access.js';
import type { ApiServer, ReadOptions, RemoveOptions, StreamOptions } from './api-server.js';
import { connectionError } from './connection-error.js';
import { Deadline } from './deadline.js';
import { Exchange, type Call } from './exchange.js';
import { readBody } from './read-body.js';
import { readStream } from './read-stream.js';
import { acceptHeader, acceptMetadata } from './request-target.js';
import { withRetries } from './retry.js';

const MAX_ANSWER_BYTES = 64 * 1024 * 1024;

/**
 * An API server to call. An aborted `signal` makes `get` throw the signal's reason, and `stream` end.
 *
 * @param timeoutMs of a call, tries and all; of a stream, until its answer begins
 */
export function createApiServer(access: Access, timeoutMs: number): ApiServer {
  const exchange = new Exchange(access);

  async function call(what: Call, signal?: AbortSignal): Promise<unknown> {
    const deadline = new Deadline(timeoutMs, access.url, signal);
    try {
      return await withRetries(what.method === 'GET', deadline, () =>
        exchange.once(what, deadline, async (answer) =>
          parseJson(await readBody(answer, MAX_ANSWER_BYTES), access.url),
        ),
      );
    } finally {
      deadline.release();
    }
  }

  async function* stream(path: string, options: StreamOptions = {}): AsyncGenerator<Uint8Array> {
    const { signal, idleMs } = options;
    const deadline = new Deadline(timeoutMs, access.url, signal);
    try {
      const what = { ...read(path, options), lasts: true };
      const begin = () => exchange.once(what, deadline, (begun) => Promise.resolve(begun));
      // Whoever watches comes back for ever, and waits between tries as it sees fit.
      const isWatch = options.query?.['watch'] !== undefined;
      const answer = await (isWatch ? begin() : withRetries(true, deadline, begin));
      deadline.lift();
      yield* readStream(answer, idleMs);
    } catch (error) {
      if (signal?.aborted !== true) throw connectionError(error, access.url);
    } finally {
      deadline.release();
    }
  }

  return {
    url: access.url,
    namespace: access.namespace,
    get: (path, options = {}) => call(read(path, options), options.signal),
    create(path, object, { metadataOnly = false } = {}) {
      const accept = metadataOnly ? acceptMetadata('PartialObjectMetadata') : 'application/json';
      return call(write('POST', path, 'application/json', object, accept));
    },
    patch: (path, patch) => call(write('PATCH', path, 'application/merge-patch+json', patch)),
    async remove(path, options = {}) {
      // A pod comes back as it was; nobody looks at it.
      const accept = acceptMetadata('PartialObjectMetadata');
      await call(write('DELETE', path, 'application/json', deleteOptions(options), accept));
    },
    stream,
    close: () => exchange.close(),
  };
}

function read(path: string, { query = {}, metadataOnly = false }: ReadOptions): Call {
  const accept = acceptHeader(path, query, metadataOnly);
  return { method: 'GET', path, query, headers: { accept } };
}

function write(
  method: Call['method'],
  path: string,
  type: string,
  object: object,
  accept = 'application/json',
): Call {
  const body = Buffer.from(JSON.stringify(object));
  return { method, path, headers: { accept, 'content-type': type }, body };
}

function deleteOptions({ gracePeriodSeconds, uid }: RemoveOptions): object {
  return {
    apiVersion: 'v1',
    kind: 'DeleteOptions',
    propagationPolicy: 'Background',
    ...(gracePeriodSeconds === undefined ? {} : { gracePeriodSeconds }),
    ...(uid === undefined ? {} : { preconditions: { uid } }),
  };
}

function parseJson(body: Buffer, server: string): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch (error) {
    throw new AmunError('Unavailable', `${server} answered something that is not JSON.`, {
      cause: error,
    });
  }
}
