import { randomBytes } from 'node:crypto';
import type { Bus, Delivery, Verdict } from '../../shared/bus/port.js';
import { SUBJECTS, type AmunEvent } from '../../shared/events/event.js';

export const ACK: Verdict = { kind: 'ack' };

export function fresh(prefix: string): string {
  return `${prefix}-${randomBytes(8).toString('hex')}`;
}

/** A subject of its own, so that tests do not see each other's messages. */
export function freshSubject(): string {
  return `amun.async.${fresh('function')}`;
}

export function anEvent(id = fresh('job-complete')): AmunEvent {
  const inspection = fresh('inspection');
  return {
    specversion: '1.0',
    id,
    type: SUBJECTS.jobComplete,
    source: '/amun/test',
    subject: inspection,
    time: '2024-05-01T12:00:00.000Z',
    datacontenttype: 'application/json',
    data: { inspection_id: inspection },
  };
}

export const text = (body: Uint8Array) => new TextDecoder().decode(body);
export const bytes = (content: string) => new TextEncoder().encode(content);

export type Handle = (delivery: Delivery) => Promise<Verdict> | Verdict;

export interface ConsumeChoices {
  readonly name?: string;
  readonly concurrency?: number;
  readonly ackWaitMs?: number;
  readonly signal?: AbortSignal;
}

/** The consumers of one test, which end with it. */
export class TestConsumers {
  readonly #stop = new AbortController();
  readonly #running: Promise<void>[] = [];

  get signal(): AbortSignal {
    return this.#stop.signal;
  }

  /** Consumes until the test ends; resolves when this consumer is done. */
  start(bus: Bus, subject: string, handle: Handle, choices: ConsumeChoices = {}): Promise<void> {
    const options = {
      name: fresh('consumer'),
      concurrency: 1,
      ackWaitMs: 120_000,
      signal: this.signal,
      ...choices,
      subject,
    };
    return this.add(bus.consume(options, async (delivery) => handle(delivery)));
  }

  add(running: Promise<void>): Promise<void> {
    this.#running.push(running);
    return running;
  }

  async end(): Promise<void> {
    this.#stop.abort();
    await Promise.all(this.#running);
  }
}
