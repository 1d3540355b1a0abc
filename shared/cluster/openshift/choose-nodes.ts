import type { Hardware } from '../../inspection/specification.js';
import { wantedLabels } from '../kubernetes/manifests/placement.js';
import type { Nodes } from '../kubernetes/nodes.js';

/**
 * Labels that a build's node must have for the hardware asked for. A BuildConfig has no affinity, so
 * that one of both has to be chosen: the labels that Amun's operators set by hand, or, where a node
 * has those and none has the others, the ones of Node Feature Discovery.
 */
export async function chooseNodeLabels(
  nodes: Nodes,
  hardware: Hardware,
): Promise<Record<string, string>> {
  const wanted = wantedLabels(hardware);
  if (wanted.length === 0) return {};
  const own = toLabels(wanted.map((one) => one.own));
  const discovered = toLabels(wanted.map((one) => one.discovered ?? one.own));
  const labels = ((await nodes.list()) ?? []).map((node) => node.labels);
  const isAnywhere = (asked: Record<string, string>): boolean =>
    labels.some((there) => Object.entries(asked).every(([name, value]) => there[name] === value));
  return !isAnywhere(own) && isAnywhere(discovered) ? discovered : own;
}

function toLabels(
  wanted: readonly { readonly label: string; readonly value: string }[],
): Record<string, string> {
  return Object.fromEntries(wanted.map(({ label, value }) => [label, value]));
}
