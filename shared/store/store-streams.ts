import type { StreamSettings } from '../jetstream/ensure-stream.js';

const DAY_MS = 24 * 3_600_000;
/** Longer than any operation is tried again, which is all that the store's message ids are for. */
const DUPLICATE_WINDOW_MS = 2 * 60_000;
/** Chunks outlive what names them, so that nothing is found that cannot be read. */
const CHUNK_GRACE_MS = 3_600_000;
/** A little longer than they count, so that clocks may differ. */
const IDEMPOTENCY_AGE_MS = DAY_MS + 3_600_000;

/** How long things are kept after they were written last, ms; 0: for ever. */
export interface StoreRetention {
  /** Inspections, their place in the list, and matrices of them. Default 30 days. */
  readonly recordAgeMs?: number;
  /** Builds; a stack that comes after that is numbered from 1 again. Default 365 days. */
  readonly buildAgeMs?: number;
  /** Specifications, logs and results. Default 30 days. */
  readonly artifactAgeMs?: number;
  /** Copies in a cluster of NATS servers. Default 1. */
  readonly replicas?: number;
}

/** A stream that is a key-value bucket too: `nats kv ls amun-inspections` shows it. */
export interface Bucket {
  readonly stream: StreamSettings;
  /** What a key is prefixed with to be a subject. */
  readonly prefix: string;
}

export interface StoreStreams {
  readonly inspections: Bucket;
  readonly builds: Bucket;
  readonly matrices: Bucket;
  readonly index: Bucket;
  readonly inFlight: Bucket;
  readonly buildQueue: Bucket;
  readonly runQueue: Bucket;
  readonly begun: Bucket;
  readonly artifacts: Bucket;
  readonly idempotency: Bucket;
  readonly chunks: StreamSettings;
}

/** Every stream of the store. */
export function storeStreams(retention: StoreRetention = {}): StoreStreams {
  const { recordAgeMs = 30 * DAY_MS, artifactAgeMs = 30 * DAY_MS } = retention;
  const { buildAgeMs = 365 * DAY_MS, replicas = 1 } = retention;
  const common = { maxBytes: 0, duplicateWindowMs: DUPLICATE_WINDOW_MS, replicas };
  const bucket = (name: string, description: string, maxAgeMs: number): Bucket => ({
    prefix: `$KV.${name}.`,
    stream: {
      ...common,
      name: `KV_${name}`,
      subjects: [`$KV.${name}.>`],
      description,
      maxAgeMs,
      perSubject: 1,
    },
  });
  return {
    inspections: bucket('amun-inspections', 'Records of inspections', recordAgeMs),
    builds: bucket('amun-builds', 'Records of builds', buildAgeMs),
    matrices: bucket('amun-matrices', 'Which inspections make a matrix', recordAgeMs),
    index: bucket('amun-index', 'Inspections in order of submission', recordAgeMs),
    inFlight: bucket('amun-in-flight', 'Inspections that have not ended', 0),
    buildQueue: bucket('amun-queue-builds', 'Builds in the order of their turns', 0),
    runQueue: bucket('amun-queue-runs', 'Jobs in the order of their turns', 0),
    begun: bucket('amun-queue-begun', 'What of the queues is being carried out', 0),
    idempotency: bucket('amun-idempotency', 'Idempotency keys of requests', IDEMPOTENCY_AGE_MS),
    artifacts: bucket('amun-artifacts', 'Specifications, logs and results', artifactAgeMs),
    chunks: {
      ...common,
      name: 'AMUN_ARTIFACT_CHUNKS',
      subjects: ['amun.artifact-chunk.>'],
      description: 'Parts of large artifacts',
      maxAgeMs: artifactAgeMs === 0 ? 0 : artifactAgeMs + CHUNK_GRACE_MS,
      perSubject: 0,
    },
  };
}
