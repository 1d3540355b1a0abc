import type { NatsConnection } from '@nats-io/transport-node';
import type { IdempotencyRecord } from '../inspection/idempotency-record.js';
import type { MatrixRecord } from '../inspection/matrix-record.js';
import type { BuildRecord, InspectionRecord } from '../inspection/record.js';
import { JetStream } from '../jetstream/jetstream.js';
import { ArtifactChunks } from './artifact-chunks.js';
import { JetStreamArtifacts } from './jetstream-artifacts.js';
import { JetStreamCatalogue } from './jetstream-catalogue.js';
import { JetStreamDocuments } from './jetstream-documents.js';
import { JetStreamInFlight } from './jetstream-in-flight.js';
import { JetStreamIndex } from './jetstream-index.js';
import { JetStreamQueue } from './jetstream-queue.js';
import type { Store } from './port.js';
import {
  BUILD_RECORD,
  IDEMPOTENCY_RECORD,
  INSPECTION_RECORD,
  MATRIX_RECORD,
} from './record-shapes.js';
import { storeStreams, type StoreRetention } from './store-streams.js';

export interface JetStreamStoreOptions extends StoreRetention {
  /** How long an operation is tried again while NATS does not answer. Default 10 s. */
  readonly retryForMs?: number;
}

const DEFAULT_RETRY_FOR_MS = 10_000;

/**
 * The store on NATS JetStream. Its streams are made at the first use, and again should they vanish.
 * Every operation outlives a short outage; a longer one is Unavailable.
 */
export function createJetStreamStore(
  connection: NatsConnection,
  options: JetStreamStoreOptions = {},
): Store {
  const jetstream = new JetStream(connection, options.retryForMs ?? DEFAULT_RETRY_FOR_MS);
  const streams = storeStreams(options);
  const chunks = new ArtifactChunks(jetstream, streams.chunks);
  const inspections = new JetStreamDocuments<InspectionRecord>(
    jetstream,
    streams.inspections,
    INSPECTION_RECORD,
  );
  return {
    inspections,
    builds: new JetStreamDocuments<BuildRecord>(jetstream, streams.builds, BUILD_RECORD),
    matrices: new JetStreamDocuments<MatrixRecord>(jetstream, streams.matrices, MATRIX_RECORD),
    index: new JetStreamIndex(jetstream, streams.index),
    catalogue: new JetStreamCatalogue(
      jetstream,
      streams.inspections,
      inspections,
      INSPECTION_RECORD,
    ),
    inFlight: new JetStreamInFlight(jetstream, streams.inFlight),
    queues: {
      builds: new JetStreamQueue(jetstream, streams.buildQueue, streams.begun, 'builds'),
      runs: new JetStreamQueue(jetstream, streams.runQueue, streams.begun, 'runs'),
    },
    artifacts: new JetStreamArtifacts(jetstream, streams.artifacts, chunks),
    idempotency: new JetStreamDocuments<IdempotencyRecord>(
      jetstream,
      streams.idempotency,
      IDEMPOTENCY_RECORD,
    ),
  };
}
