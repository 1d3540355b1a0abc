import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** A process and when it started: a pid alone may belong to another one by now. */
export interface ProcessIdentity {
  readonly pid: number;
  /** Comparable only with one from this machine. */
  readonly started: string;
}

/** The identity of a living process; undefined where there is none with this pid. */
export function identifyProcess(pid: number): ProcessIdentity | undefined {
  const started = process.platform === 'linux' ? readStart(pid) : askStart(pid);
  return started === undefined ? undefined : { pid, started };
}

/** True while exactly this process lives. */
export function isAlive(identity: ProcessIdentity): boolean {
  return identifyProcess(identity.pid)?.started === identity.started;
}

/** Boot and clock ticks since then; field 22 of /proc/PID/stat, counted after the name's ")". */
function readStart(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    // A zombie has ended; somebody has yet to take note.
    if (fields[0] === 'Z' || fields[0] === 'X') return undefined;
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
    return `${boot}/${fields[19] ?? ''}`;
  } catch {
    return undefined;
  }
}

function askStart(pid: number): string | undefined {
  try {
    const said = execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], { stdio: 'pipe' });
    return said.toString().trim() || undefined;
  } catch {
    return undefined;
  }
}
