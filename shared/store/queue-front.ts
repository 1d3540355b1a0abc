import type { JetStreamManager } from '@nats-io/jetstream';
import type { Msg, NatsConnection } from '@nats-io/transport-node';
import { AmunError } from '../errors/amun-error.js';
import { Admission } from './admission.js';
import {
  isMarked,
  openConsumer,
  pullBatch,
  readDelivery,
  removeConsumer,
  type ShortConsumer,
} from './short-consumer.js';

/** Read at once; more is asked for only where it may fit. */
const MOST_AT_ONCE = 64;
/** So often may what was counted not come in time: whoever was left out would be passed by others. */
const MOST_CUTS = 10;

/** The front of a queue. */
export interface QueueFront {
  /** Subjects of the places that are admitted, in order. */
  readonly admitted: readonly string[];
  /** How many places there were, those admitted among them. */
  readonly places: number;
}

/**
 * Reads a queue in order, no more than may fit into the bound. The stream holds nothing but places,
 * so that the server need not look through thousands of them for the ones that are meant.
 */
export async function readQueueFront(
  connection: NatsConnection,
  manager: JetStreamManager,
  stream: string,
  bound: number,
): Promise<QueueFront> {
  const admission = new Admission(bound);
  const admitted: string[] = [];
  let from = 1;
  const take = (message: Msg): void => {
    from = (readDelivery(message)?.sequence ?? from) + 1;
    if (!isMarked(message) && admission.admits(weightOf(message))) admitted.push(message.subject);
  };
  /** Reads on with a consumer of its own. @returns false where not all came that may fit */
  const readOn = async (consumer: ShortConsumer): Promise<boolean> => {
    let unread = consumer.pending;
    while (unread > 0 && admission.room > 0) {
      const wanted = Math.min(unread, admission.room, MOST_AT_ONCE);
      const batch = await pullBatch(connection, stream, consumer.name, wanted);
      batch.messages.forEach(take);
      if (batch.isCut) return false;
      unread = batch.unread;
    }
    return true;
  };

  let places: number | undefined;
  for (let cuts = 0; cuts < MOST_CUTS; cuts += 1) {
    const consumer = await openConsumer(manager, stream, from);
    places ??= consumer.pending;
    try {
      if (await readOn(consumer)) return { admitted, places };
    } finally {
      removeConsumer(manager, stream, consumer.name);
    }
  }
  throw new AmunError('Unavailable', `NATS sends nothing of ${stream}; try again in a moment.`);
}

/** How many places there are from a sequence on, that one included. */
export async function countPlaces(
  manager: JetStreamManager,
  stream: string,
  from: number,
): Promise<number> {
  const consumer = await openConsumer(manager, stream, from);
  removeConsumer(manager, stream, consumer.name);
  return consumer.pending;
}

/** What cannot have been written here counts as little as possible, so that it holds nobody up. */
function weightOf(message: Msg): number {
  const weight = Number(message.string());
  return Number.isSafeInteger(weight) && weight > 0 ? weight : 1;
}
