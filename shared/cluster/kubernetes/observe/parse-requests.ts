import { readQuantity } from '../../../inspection/quantity.js';
import type { Requests } from '../../../inspection/specification.js';
import { asObject } from '../../../json/read-json.js';
import { asInteger, asText } from '../read-fields.js';

/** What is asked of nodes; undefined for what cannot be that. */
export function parseRequests(value: unknown): Requests | undefined {
  const { cpu, memory, hardware } = asObject(value);
  if (typeof cpu !== 'string' || typeof memory !== 'string') return undefined;
  if (readQuantity(cpu) === undefined || readQuantity(memory) === undefined) return undefined;
  const asked = asObject(hardware);
  const numbers = (['cpu_family', 'cpu_model', 'physical_cpus', 'gpu'] as const).flatMap((name) => {
    const number = asInteger(asked[name]);
    return number === undefined ? [] : [[name, number] as const];
  });
  const processor = asText(asked['processor'], 256);
  return {
    cpu,
    memory,
    hardware: { ...Object.fromEntries(numbers), ...(processor === undefined ? {} : { processor }) },
  };
}
