import { readQuantity } from '../../../inspection/quantity.js';
import { asArray, asObject } from '../../../json/read-json.js';
import { asText, asTexts } from '../read-fields.js';

/** What counts of a node for what may run on it. */
export interface NodeSeen {
  readonly labels: Readonly<Record<string, string>>;
  /** Cores. */
  readonly cpus: number;
  readonly memoryBytes: number;
  readonly gpus: number;
  /** Taints that keep pods away which do not tolerate them. */
  readonly taints: readonly {
    readonly key: string;
    readonly value: string;
    readonly effect: string;
  }[];
}

/** A node, narrowed from what the API server says. */
export function parseNode(object: unknown): NodeSeen {
  const { metadata, spec, status } = asObject(object);
  const allocatable = asTexts(asObject(status)['allocatable']);
  const amount = (name: string): number => readQuantity(allocatable[name] ?? '0') ?? 0;
  const taints = asArray(asObject(spec)['taints']).map(asObject);
  return {
    labels: asTexts(asObject(metadata)['labels']),
    cpus: amount('cpu'),
    memoryBytes: amount('memory'),
    gpus: amount('nvidia.com/gpu'),
    taints: taints.map((taint) => ({
      key: asText(taint['key']) ?? '',
      value: asText(taint['value']) ?? '',
      effect: asText(taint['effect']) ?? '',
    })),
  };
}
