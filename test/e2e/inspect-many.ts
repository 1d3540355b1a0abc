import { setTimeout as sleep } from 'node:timers/promises';
import { ask, statusOf, submit, type Status } from './inspect.js';
import type { Stack } from './start-stack.js';

const POLL_MS = 2_000;
const ENDS = ['succeeded', 'failed', 'cancelled'];

export interface Load {
  readonly count: number;
  readonly atOnce: number;
  /** The specification of the n-th inspection. */
  specification(n: number): object;
  /** Told how many have been submitted, after each. */
  onSubmitted?(count: number): void;
}

/**
 * Submits so many inspections, at most `atOnce` under way, and resolves once they have ended. Asks
 * seldom: what is tested is not the status function.
 */
export async function inspectMany(stack: Stack, load: Load, timeoutMs: number): Promise<void> {
  const deadline = Date.now() + timeoutMs;
  let taken = 0;
  let submitted = 0;
  const work = async (): Promise<void> => {
    while (taken < load.count) {
      taken += 1;
      const id = await submit(stack, load.specification(taken));
      submitted += 1;
      load.onSubmitted?.(submitted);
      await untilEnded(stack, id, deadline);
    }
  };
  await Promise.all(Array.from({ length: load.atOnce }, work));
}

/** Where each inspection of a stack stands once it has ended, by id. */
export async function endOfAll(stack: Stack, timeoutMs: number): Promise<Map<string, Status>> {
  const deadline = Date.now() + timeoutMs;
  const ends = new Map<string, Status>();
  for (let page = 1; ; page += 1) {
    const { body } = await ask(stack, `/inspect?page=${page}`);
    const ids = body['inspections'] as string[];
    for (const id of ids) ends.set(id, await untilEnded(stack, id, deadline));
    if (ids.length === 0 || ends.size >= Number(body['total'])) return ends;
  }
}

async function untilEnded(stack: Stack, id: string, deadline: number): Promise<Status> {
  for (;;) {
    const status = await statusOf(stack, id);
    if (ENDS.includes(status.phase)) return status;
    if (Date.now() > deadline) throw new Error(`${id} still is ${JSON.stringify(status)}`);
    await sleep(POLL_MS);
  }
}
