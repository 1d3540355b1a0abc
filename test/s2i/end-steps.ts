import { readdirSync, readFileSync } from 'node:fs';

/**
 * Ends what a build is running at the moment; the engine then sees its step fail, and tidies up after
 * itself. Killed itself, it would leave the step's processes and a container behind. Between steps,
 * and where nobody tells who started whom, the engine is asked to end.
 */
export function endSteps(engine: number): void {
  const steps = descendantsOf(engine);
  for (const pid of steps.reverse()) signal(pid, 'SIGKILL');
  if (steps.length === 0) signal(engine, 'SIGTERM');
}

/** Who was started by a process, and by those; parents first. */
function descendantsOf(ancestor: number): number[] {
  const parents = readParents();
  const found = [ancestor];
  for (const pid of found) {
    for (const [child, parent] of parents) if (parent === pid) found.push(child);
  }
  return found.slice(1);
}

/** Every process and its parent, as /proc has them; empty where there is none. */
function readParents(): Map<number, number> {
  const parents = new Map<number, number>();
  try {
    for (const pid of readdirSync('/proc').map(Number)) {
      if (pid > 0) parents.set(pid, parentOf(pid));
    }
  } catch {
    // No /proc on this system.
  }
  return parents;
}

function parentOf(pid: number): number {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The name in parentheses may hold anything.
    return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
  } catch {
    return 0;
  }
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch {
    // It has ended by itself.
  }
}
