import { readdir, readFile } from 'node:fs/promises';
import { availableParallelism, totalmem } from 'node:os';
import { orUndefined } from './atomic-file.js';

/** What the machine is made of, and what of it builds and runs may use. */
export interface Machine {
  /** Cores for builds and runs. */
  readonly cpus: number;
  /** Bytes for builds and runs: what the machine has, less a reserve for the system. */
  readonly memoryBytes: number;
  readonly gpus: number;
  readonly cpuFamily?: number;
  readonly cpuModel?: number;
  /** As in /proc/cpuinfo: "GenuineIntel". */
  readonly vendor?: string;
  readonly modelName?: string;
  /** Processor sockets. */
  readonly physicalCpus: number;
}

/** Where the machine is read from; tests put files of their own there. */
export interface MachineSources {
  readonly proc: string;
  readonly dev: string;
}

const MEBIBYTE = 1024 ** 2;
/** A tenth of the memory, but never more than this, is kept for the system and Amun itself. */
const LARGEST_RESERVE = 1024 * MEBIBYTE;

/** Reads the machine's hardware; `limits` replace what would be found out. */
export async function readMachine(
  limits: { readonly cpus?: number | undefined; readonly memoryBytes?: number | undefined } = {},
  sources: MachineSources = { proc: '/proc', dev: '/dev' },
): Promise<Machine> {
  const [cpuinfo, meminfo, gpus] = await Promise.all([
    orUndefined(readFile(`${sources.proc}/cpuinfo`, 'utf8')),
    orUndefined(readFile(`${sources.proc}/meminfo`, 'utf8')),
    countGpus(sources),
  ]);
  const field = (name: string): string | undefined =>
    new RegExp(`^${name}\\s*:\\s*(.*)$`, 'm').exec(cpuinfo ?? '')?.[1]?.trim();
  const cpuFamily = numberOf(field('cpu family'));
  const cpuModel = numberOf(field('model'));
  const vendor = field('vendor_id');
  const modelName = field('model name');
  return {
    cpus: limits.cpus ?? availableParallelism(),
    memoryBytes: limits.memoryBytes ?? withoutReserve(totalMemory(meminfo)),
    gpus,
    physicalCpus: countSockets(cpuinfo ?? ''),
    ...(cpuFamily === undefined ? {} : { cpuFamily }),
    ...(cpuModel === undefined ? {} : { cpuModel }),
    ...(vendor === undefined ? {} : { vendor }),
    ...(modelName === undefined ? {} : { modelName }),
  };
}

function totalMemory(meminfo: string | undefined): number {
  const kibibytes = /^MemTotal:\s*(\d+) kB$/m.exec(meminfo ?? '')?.[1];
  return kibibytes === undefined ? totalmem() : Number(kibibytes) * 1024;
}

function withoutReserve(bytes: number): number {
  return Math.floor(bytes - Math.min(LARGEST_RESERVE, bytes / 10));
}

function countSockets(cpuinfo: string): number {
  const ids = [...cpuinfo.matchAll(/^physical id\s*:\s*(\d+)$/gm)].map(([, id]) => id);
  return Math.max(1, new Set(ids).size);
}

async function countGpus({ proc, dev }: MachineSources): Promise<number> {
  const driver = await orUndefined(readdir(`${proc}/driver/nvidia/gpus`));
  if (driver !== undefined) return driver.length;
  const devices = (await orUndefined(readdir(dev))) ?? [];
  return devices.filter((name) => /^nvidia\d+$/.test(name)).length;
}

function numberOf(text: string | undefined): number | undefined {
  return text !== undefined && /^\d+$/.test(text) ? Number(text) : undefined;
}
