import { setTimeout as sleep } from 'node:timers/promises';

/** Resolves once the condition holds; throws when it has not within `timeoutMs`. */
export async function waitUntil(
  condition: () => boolean | Promise<boolean>,
  timeoutMs = 60_000,
): Promise<void> {
  const deadline = Date.now() + timeoutMs;
  while (!(await condition())) {
    if (Date.now() > deadline)
      throw new Error(`Not so within ${timeoutMs} ms: ${String(condition)}`);
    await sleep(10);
  }
}
