import {
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
  type S3ClientConfig,
} from '@aws-sdk/client-s3';
import {
  circuitBreaker,
  ConsecutiveBreaker,
  ExponentialBackoff,
  handleAll,
  type CircuitBreakerPolicy,
} from 'cockatiel';
import type { ExportConfig } from '../../config/export-config.js';
import type { ExportObject } from '../inspection-objects.js';

/**
 * All that knows Amazon's SDK, which takes a function longer to load than everything else that it
 * has: a bundle of its own, loaded when the first object is to be put.
 */

/** Tries of one call, with a moment in between: what is gone after that passes unseen. */
const TRIES = 3;
const CONNECT_TIMEOUT_MS = 3_000;
/** Without a single byte in either direction. */
const SILENCE_TIMEOUT_MS = 10_000;
/** Calls in a row that failed before no more are made for a while. */
const FAILURES = 3;
const FIRST_REST_MS = 1_000;
const LONGEST_REST_MS = 30_000;

/** A bucket, by what is asked of it. Failures are the SDK's own, or those of the breaker. */
export interface S3Store {
  put(object: ExportObject, signal?: AbortSignal): Promise<void>;
  /** Lists what there is at the prefix, one at most. */
  list(): Promise<void>;
}

/** Opens the bucket; nothing is asked of it yet. */
export function openS3Store(config: ExportConfig): S3Store {
  const client = new S3Client(clientOptions(config));
  const breaker = restAfterFailures();
  return {
    async put({ key, body, contentType }, signal) {
      const Key = config.prefix === '' ? key : `${config.prefix}/${key}`;
      const input = {
        Bucket: config.bucket,
        Key,
        Body: Buffer.from(body),
        ContentType: contentType,
      };
      const abortSignal = signal ?? new AbortController().signal;
      await breaker.execute(() => client.send(new PutObjectCommand(input), { abortSignal }));
    },
    async list() {
      const input = { Bucket: config.bucket, Prefix: config.prefix, MaxKeys: 1 };
      await client.send(new ListObjectsV2Command(input));
    },
  };
}

/** A store that is away is asked by one at a time, ever more seldom: nobody waits for it in vain. */
function restAfterFailures(): CircuitBreakerPolicy {
  return circuitBreaker(handleAll, {
    breaker: new ConsecutiveBreaker(FAILURES),
    halfOpenAfter: new ExponentialBackoff({
      initialDelay: FIRST_REST_MS,
      maxDelay: LONGEST_REST_MS,
    }),
  });
}

function clientOptions(config: ExportConfig): S3ClientConfig {
  const { endpoint, region, credentials, pathStyle } = config;
  return {
    region,
    forcePathStyle: pathStyle,
    maxAttempts: TRIES,
    requestHandler: {
      connectionTimeout: CONNECT_TIMEOUT_MS,
      socketTimeout: SILENCE_TIMEOUT_MS,
    },
    ...(endpoint === undefined
      ? {}
      : {
          endpoint,
          // Amazon's newer checksums are refused by many others' stores. The signature covers the body.
          requestChecksumCalculation: 'WHEN_REQUIRED' as const,
          responseChecksumValidation: 'WHEN_REQUIRED' as const,
        }),
    ...(credentials === undefined ? {} : { credentials }),
  };
}
