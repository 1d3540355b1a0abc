import type { V1NodeAffinity, V1NodeSelectorRequirement, V1PodSpec } from '@kubernetes/client-node';
import type { Hardware } from '../../../inspection/specification.js';
import type { Placement } from '../options.js';

/** A requirement that a node meets by a label: its name as a request has it, and the label's value. */
export interface Wanted {
  readonly own: { readonly label: string; readonly value: string };
  /** The same in the labels of Node Feature Discovery, where it has one. */
  readonly discovered?: { readonly label: string; readonly value: string };
}

const DISCOVERED = 'feature.node.kubernetes.io/cpu-model';

/** Where a pod may run: the operator's selector and tolerations, and the hardware it asks for. */
export function placementSpec(
  placement: Placement,
  hardware: Hardware,
): Pick<V1PodSpec, 'nodeSelector' | 'tolerations' | 'affinity'> {
  const nodeAffinity = hardwareAffinity(hardware);
  const { nodeSelector, tolerations } = placement;
  return {
    ...(Object.keys(nodeSelector).length === 0 ? {} : { nodeSelector: { ...nodeSelector } }),
    ...(tolerations.length === 0 ? {} : { tolerations: tolerations.map(tolerate) }),
    ...(nodeAffinity === undefined ? {} : { affinity: { nodeAffinity } }),
  };
}

function tolerate({ key, value, effect }: Placement['tolerations'][number]) {
  const matched = value === undefined ? { operator: 'Exists' } : { operator: 'Equal', value };
  return { key, ...matched, ...(effect === undefined ? {} : { effect }) };
}

/**
 * Terms of which a node must meet one: the labels that Amun's operators set by hand (CPU_FAMILY,
 * CPU_MODEL, PHYSICAL_CPUS, processor, as the original had them), or those that Node Feature
 * Discovery sets, where it knows the requirement at all.
 */
function hardwareAffinity(hardware: Hardware): V1NodeAffinity | undefined {
  const wanted = wantedLabels(hardware);
  if (wanted.length === 0) return undefined;
  const own = { matchExpressions: wanted.map(({ own: label }) => requirement(label)) };
  const discovered = {
    matchExpressions: wanted.map((one) => requirement(one.discovered ?? one.own)),
  };
  const isKnown = wanted.some((one) => one.discovered !== undefined);
  return {
    requiredDuringSchedulingIgnoredDuringExecution: {
      nodeSelectorTerms: isKnown ? [own, discovered] : [own],
    },
  };
}

/** The labels by which nodes say what `hardware` asks for; GPUs are a resource, not a label. */
export function wantedLabels(hardware: Hardware): Wanted[] {
  const { cpu_family: family, cpu_model: model, physical_cpus: sockets, processor } = hardware;
  const wanted: Wanted[] = [];
  if (family !== undefined) wanted.push(numbered('CPU_FAMILY', family, `${DISCOVERED}.family`));
  if (model !== undefined) wanted.push(numbered('CPU_MODEL', model, `${DISCOVERED}.id`));
  if (sockets !== undefined) wanted.push(numbered('PHYSICAL_CPUS', sockets));
  if (processor !== undefined) {
    const vendor = vendorOf(processor);
    wanted.push({
      own: { label: 'processor', value: labelValue(processor) },
      ...(vendor === undefined
        ? {}
        : { discovered: { label: `${DISCOVERED}.vendor_id`, value: vendor } }),
    });
  }
  return wanted;
}

function numbered(label: string, number: number, discovered?: string): Wanted {
  const value = String(number);
  return {
    own: { label, value },
    ...(discovered === undefined ? {} : { discovered: { label: discovered, value } }),
  };
}

/** As Node Feature Discovery writes what /proc/cpuinfo calls GenuineIntel and AuthenticAMD. */
function vendorOf(processor: string): string | undefined {
  const text = processor.trim().toLowerCase();
  if (['genuineintel', 'intel'].includes(text)) return 'Intel';
  if (['authenticamd', 'amd'].includes(text)) return 'AMD';
  return undefined;
}

/** The text as a label can hold it: other characters as "_", at most 63, from letter to letter. */
function labelValue(text: string): string {
  return text
    .trim()
    .replace(/[^A-Za-z0-9._-]/g, '_')
    .slice(0, 63)
    .replace(/^[^A-Za-z0-9]+|[^A-Za-z0-9]+$/g, '');
}

function requirement({ label, value }: Wanted['own']): V1NodeSelectorRequirement {
  return { key: label, operator: 'In', values: [value] };
}
