import { parseQuantity } from '../../inspection/quantity.js';
import type { Requests } from '../../inspection/specification.js';
import type { Machine } from './machine.js';

const GIBIBYTE = 1024 ** 3;

/** One sentence for the first thing that is asked for and that this machine will never have. */
export function whyUnschedulable(requests: Requests, machine: Machine): string | undefined {
  const { hardware } = requests;
  return (
    differs('cpu_family', hardware.cpu_family, machine.cpuFamily) ??
    differs('cpu_model', hardware.cpu_model, machine.cpuModel) ??
    otherProcessor(hardware.processor, machine) ??
    tooFew('physical_cpus', hardware.physical_cpus, machine.physicalCpus) ??
    tooFew('gpu', hardware.gpu, machine.gpus) ??
    tooFew('cpu', parseQuantity(requests.cpu), machine.cpus, requests.cpu) ??
    tooMuchMemory(requests.memory, machine)
  );
}

function differs(
  name: string,
  asked: number | undefined,
  there: number | undefined,
): string | undefined {
  if (asked === undefined || asked === there) return undefined;
  return `No machine has ${name} ${asked}; this one has ${there ?? 'none that it tells'}.`;
}

/** A vendor as /proc/cpuinfo spells it, or a part of the model's name. */
function otherProcessor(asked: string | undefined, machine: Machine): string | undefined {
  if (asked === undefined) return undefined;
  const wanted = asked.trim().toLowerCase();
  if (machine.vendor?.toLowerCase() === wanted) return undefined;
  if (machine.modelName?.toLowerCase().includes(wanted) === true) return undefined;
  const there = [machine.vendor, machine.modelName].filter((name) => name !== undefined);
  const found = there.length === 0 ? 'one that it does not name' : there.join(', ');
  return `No machine has the processor "${asked}"; this one has ${found}.`;
}

function tooFew(
  name: string,
  asked: number | undefined,
  there: number,
  written = String(asked),
): string | undefined {
  if (asked === undefined || asked <= there) return undefined;
  return `No machine has ${name} ${written}; this one has ${there === 0 ? 'none' : there}.`;
}

function tooMuchMemory(asked: string, machine: Machine): string | undefined {
  if (parseQuantity(asked) <= machine.memoryBytes) return undefined;
  const there = (machine.memoryBytes / GIBIBYTE).toFixed(1);
  return `No machine has ${asked} of memory; this one has ${there}Gi for builds and runs.`;
}
