import { readFile } from 'node:fs/promises';
import { orUndefined } from '../atomic-file.js';

/** What our own configuration of podman says; the user's is neither read nor changed. */
export interface ContainersConf {
  /** undefined: podman's choice. */
  readonly runtime?: string | undefined;
  readonly cgroupManager?: 'cgroupfs' | undefined;
  readonly limits: ProcessLimits;
}

/** The highest limits that a process of ours may give to its children. */
export interface ProcessLimits {
  readonly openFiles: number;
  readonly processes: number;
}

/** Higher values make programs slow that close every file they might have open. */
const MOST_OPEN_FILES = 65_536;
const MOST_PROCESSES = 16_384;
/** For where even a process's own hard limits may not be given on. */
export const SMALL_LIMITS: ProcessLimits = { openFiles: 1024, processes: 4096 };

/**
 * The text of containers.conf. podman's defaults for limits are higher than what a process in a
 * sandbox may set, and its journal is not there without systemd: both would keep every container
 * from starting.
 */
export function writeContainersConf({ runtime, cgroupManager, limits }: ContainersConf): string {
  const { openFiles, processes } = limits;
  const lines = [
    '[engine]',
    'events_logger = "file"',
    ...(runtime === undefined ? [] : [`runtime = "${runtime}"`]),
    ...(cgroupManager === undefined ? [] : [`cgroup_manager = "${cgroupManager}"`]),
    '[containers]',
    'log_driver = "k8s-file"',
    `default_ulimits = ["nofile=${openFiles}:${openFiles}", "nproc=${processes}:${processes}"]`,
  ];
  return lines.join('\n') + '\n';
}

/** Reads this process's own hard limits. */
export async function readProcessLimits(file = '/proc/self/limits'): Promise<ProcessLimits> {
  const text = (await orUndefined(readFile(file, 'utf8'))) ?? '';
  const hardLimit = (name: string, most: number): number => {
    const limit = new RegExp(`^${name}\\s+\\S+\\s+(\\d+)`, 'm').exec(text)?.[1];
    return limit === undefined ? most : Math.min(Number(limit), most);
  };
  return {
    openFiles: hardLimit('Max open files', MOST_OPEN_FILES),
    processes: hardLimit('Max processes', MOST_PROCESSES),
  };
}

/** Lets short names ("fedora:28") be found where the system names no registry to look in. */
export const REGISTRIES_CONF = 'unqualified-search-registries = ["docker.io"]\n';
