import { setMaxListeners } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Bus, ConsumerOptions, Delivery, Verdict } from '../../shared/bus/port.js';
import type { AmunEvent } from '../../shared/events/event.js';
import { MemoryQueue, type MemoryMessage } from './memory-queue.js';

/** What a test may look at beside the Bus itself. */
export interface MemoryBus extends Bus {
  /** Every event that was stored, oldest first; duplicates are not. */
  readonly events: readonly AmunEvent[];
  /** Every message that was stored, events among them, oldest first. */
  readonly messages: readonly MemoryMessage[];
}

/** How long a message waits after its handler threw. */
const DELAY_AFTER_THROW_MS = 20;

/** A Bus within one process; passes the same contract as the real one. */
export function createMemoryBus(): MemoryBus {
  const messages: MemoryMessage[] = [];
  const events: AmunEvent[] = [];
  const ids = new Set<string>();
  const queues = new Map<string, MemoryQueue>();
  const followers = new Set<(event: AmunEvent) => void>();

  /** False where the id was known. */
  function keep(message: MemoryMessage, id: string | undefined): boolean {
    if (id !== undefined) {
      if (ids.has(id)) return false;
      ids.add(id);
    }
    messages.push(message);
    for (const queue of queues.values()) queue.offer(message);
    return true;
  }

  function queueOf({ name, subject }: ConsumerOptions): MemoryQueue {
    const known = queues.get(name);
    if (known !== undefined) return known;
    const queue = new MemoryQueue(subject);
    for (const message of messages) queue.offer(message);
    queues.set(name, queue);
    return queue;
  }

  async function work(
    queue: MemoryQueue,
    options: ConsumerOptions,
    handle: (delivery: Delivery) => Promise<Verdict>,
  ): Promise<void> {
    for (;;) {
      const held = await queue.take(options.signal, options.ackWaitMs);
      if (held === undefined) return;
      const { subject, body, headers } = held.message;
      const delivery: Delivery = {
        subject,
        body,
        headers,
        attempt: held.attempt,
        working: () => held.touch(),
      };
      try {
        const verdict = await handle(delivery);
        if (verdict.kind === 'retry') held.giveBack(verdict.delayMs);
        else held.settle();
      } catch {
        held.giveBack(DELAY_AFTER_THROW_MS);
      }
    }
  }

  return {
    events,
    messages,

    publish(event) {
      const body = new TextEncoder().encode(JSON.stringify(event));
      const stored = keep({ subject: event.type, body, headers: {} }, event.id);
      if (stored) {
        const copy = JSON.parse(JSON.stringify(event)) as AmunEvent;
        events.push(copy);
        for (const tell of followers) tell(copy);
      }
      return Promise.resolve({ duplicate: !stored });
    },

    publishRaw(subject, body, options = {}) {
      keep({ subject, body: body.slice(), headers: { ...options.headers } }, options.id);
      return Promise.resolve();
    },

    async consume(options, handle) {
      const queue = queueOf(options);
      setMaxListeners(0, options.signal);
      const slots = Array.from({ length: options.concurrency }, () => work(queue, options, handle));
      await Promise.all(slots);
    },

    async *follow(signal) {
      const waiting: AmunEvent[] = [];
      const tell = (event: AmunEvent) => void waiting.push(event);
      followers.add(tell);
      try {
        while (!signal.aborted) {
          const next = waiting.shift();
          if (next !== undefined) yield next;
          else await sleep(5, undefined, { signal }).catch(() => undefined);
        }
      } finally {
        followers.delete(tell);
      }
    },
  };
}
