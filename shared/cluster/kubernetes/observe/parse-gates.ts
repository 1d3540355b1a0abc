import { asArray, asObject } from '../../../json/read-json.js';
import { ADMISSION_GATE, LABEL_MANAGED, LABEL_QUEUE } from '../kueue/names.js';
import { asName, asText, asTexts, asTime } from '../read-fields.js';

type Fields = Readonly<Record<string, unknown>>;

/** What keeps a pod from being given a node. */
export interface GatesSeen {
  /** The uid of the pod, by which Kueue's Workload for it is found. */
  readonly uid?: string;
  /** Scheduling gates, by name. */
  readonly gates: readonly string[];
  /** Kueue's queue, where it is Kueue that is waited for. */
  readonly queue?: string;
  /** True where Kueue looks after it. */
  readonly isManaged: boolean;
}

/** A pod's gates; undefined where it has none. Lists are Kubernetes', at most a few. */
export function parseGates(metadata: Fields, spec: Fields): GatesSeen | undefined {
  const gates = asArray(spec['schedulingGates'])
    .slice(0, 10)
    .flatMap((gate) => asText(asObject(gate)['name'], 128) ?? []);
  if (gates.length === 0) return undefined;
  const labels = asTexts(metadata['labels']);
  const queue = gates.includes(ADMISSION_GATE) ? asName(labels[LABEL_QUEUE], 63) : undefined;
  const uid = asName(metadata['uid'], 128);
  return {
    gates,
    isManaged: labels[LABEL_MANAGED] === 'true',
    ...(queue === undefined ? {} : { queue }),
    ...(uid === undefined ? {} : { uid }),
  };
}

/**
 * When a pod of a queue was let out of it. No field says so; but whoever took the gate away wrote
 * metadata or specification, which nobody does otherwise after a pod is made.
 */
export function parseReleaseTime(metadata: Fields): string | undefined {
  if (asTexts(metadata['labels'])[LABEL_QUEUE] === undefined) return undefined;
  const times = asArray(metadata['managedFields'])
    .map(asObject)
    .flatMap(({ subresource, time }) =>
      subresource === undefined || subresource === '' ? (asTime(time) ?? []) : [],
    );
  return times.sort().at(-1);
}

/** One sentence, without an end, on what a pod waits for. */
export function describeGates({ gates, queue, isManaged }: GatesSeen): string {
  if (queue === undefined) return `its scheduling gates (${gates.join(', ')}) are not removed yet`;
  if (isManaged) return `waits for Kueue to admit it to queue ${queue}`;
  return `waits for Kueue to admit it to queue ${queue}, but Kueue has taken no notice of it; its pod integration has to be on, and to cover this namespace`;
}
