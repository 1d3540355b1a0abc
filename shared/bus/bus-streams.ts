import { AmunError } from '../errors/amun-error.js';
import type { StreamSettings } from '../jetstream/ensure-stream.js';

const HOUR_MS = 3_600_000;
const MIB = 1024 * 1024;

/** Bounds of the bus; what exceeds them is refused until older messages have gone. */
export interface BusLimits {
  /** How long an event is kept, ms. Default 7 days. */
  readonly eventAgeMs?: number;
  /** Default 256 MiB: some 400,000 events. */
  readonly eventBytes?: number;
  /** How long an async invocation waits for its function, ms. Default 1 day. */
  readonly asyncAgeMs?: number;
  /** Default 256 MiB. */
  readonly asyncBytes?: number;
  /** Copies in a cluster of NATS servers. Default 1. */
  readonly replicas?: number;
}

/** Events stay for onlookers and for consumers that come later; async invocations until taken. */
export interface BusStreams {
  readonly events: StreamSettings;
  readonly asynchronous: StreamSettings;
}

/** The two streams of the bus. */
export function busStreams(limits: BusLimits = {}): BusStreams {
  const shared = { duplicateWindowMs: HOUR_MS, perSubject: 0, replicas: limits.replicas ?? 1 };
  return {
    events: {
      ...shared,
      name: 'AMUN',
      description: 'Events of Amun',
      subjects: ['amun.build.>', 'amun.job.>', 'amun.inspection.>', 'amun.dead-letter'],
      maxAgeMs: limits.eventAgeMs ?? 7 * 24 * HOUR_MS,
      maxBytes: limits.eventBytes ?? 256 * MIB,
    },
    asynchronous: {
      ...shared,
      name: 'AMUN_ASYNC',
      description: 'Asynchronous invocations of functions',
      subjects: ['amun.async.>'],
      workQueue: true,
      maxAgeMs: limits.asyncAgeMs ?? 24 * HOUR_MS,
      maxBytes: limits.asyncBytes ?? 256 * MIB,
    },
  };
}

const EVENT_SUBJECT = /^amun\.((build|job|inspection)\.[\w.-]+|dead-letter)$/;
const ASYNC_SUBJECT = /^amun\.async\.[\w.-]+$/;

/** The stream that keeps messages of an exact subject. Throws InvalidRequest where none does. */
export function streamOf(streams: BusStreams, subject: string): StreamSettings {
  if (EVENT_SUBJECT.test(subject)) return streams.events;
  if (ASYNC_SUBJECT.test(subject)) return streams.asynchronous;
  throw new AmunError(
    'InvalidRequest',
    `The bus carries no messages on "${subject}"; see docs/events.md for its subjects.`,
  );
}
