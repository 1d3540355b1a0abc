import { waitUntil } from '../wait-until.js';
import type { ProcessInfo } from './child-processes.js';
import type { Stack } from './start-stack.js';

/** A process of the stack, by a part of its command line; waits for one that is being started again. */
export async function runningProcess(stack: Stack, part: string): Promise<ProcessInfo> {
  let found: ProcessInfo | undefined;
  await waitUntil(() => {
    try {
      found = stack.find(part);
    } catch {
      return false;
    }
    return true;
  });
  return found!;
}
