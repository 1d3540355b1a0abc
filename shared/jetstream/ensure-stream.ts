import {
  DiscardPolicy,
  JetStreamApiError,
  RetentionPolicy,
  StorageType,
  type JetStreamManager,
  type StreamConfig,
} from '@nats-io/jetstream';
import { nanos } from '@nats-io/transport-node';

/** A stream as Amun needs it; what is not said here is NATS' default. */
export interface StreamSettings {
  readonly name: string;
  readonly subjects: readonly string[];
  /** What it is for, for whoever lists the server's streams. */
  readonly description: string;
  /** Each message is removed once it was acknowledged. Default false. */
  readonly workQueue?: boolean;
  /** How long a message is kept, ms; 0: for ever. */
  readonly maxAgeMs: number;
  /** 0: as much as JetStream has. What is bounded here is set aside by the server. */
  readonly maxBytes: number;
  /** For so long an id is remembered, ms. */
  readonly duplicateWindowMs: number;
  /** Messages kept of one subject; 0: all. */
  readonly perSubject: number;
  /** Copies of it in a cluster of servers. */
  readonly replicas: number;
}

const NAME_IN_USE = 10058;

/**
 * Makes the stream, or changes the one that is there to these settings. Any number of processes may
 * do so at once.
 */
export async function ensureStream(
  manager: JetStreamManager,
  settings: StreamSettings,
): Promise<void> {
  const config = toConfig(settings);
  try {
    await manager.streams.add(config);
  } catch (error) {
    const differs = error instanceof JetStreamApiError && error.code === NAME_IN_USE;
    if (!differs) throw error;
    await manager.streams.update(settings.name, config);
  }
}

function toConfig(settings: StreamSettings): Partial<StreamConfig> & { name: string } {
  const { maxAgeMs, duplicateWindowMs } = settings;
  return {
    name: settings.name,
    description: settings.description,
    subjects: [...settings.subjects],
    storage: StorageType.File,
    // What does not fit is refused, with an error to whoever sends it; nothing is lost in silence.
    discard: DiscardPolicy.New,
    retention: settings.workQueue === true ? RetentionPolicy.Workqueue : RetentionPolicy.Limits,
    max_age: nanos(maxAgeMs),
    max_bytes: settings.maxBytes === 0 ? -1 : settings.maxBytes,
    max_msgs_per_subject: settings.perSubject === 0 ? -1 : settings.perSubject,
    // A window longer than the age is refused by the server.
    duplicate_window: nanos(
      maxAgeMs === 0 ? duplicateWindowMs : Math.min(duplicateWindowMs, maxAgeMs),
    ),
    num_replicas: settings.replicas,
    allow_direct: true,
  };
}
