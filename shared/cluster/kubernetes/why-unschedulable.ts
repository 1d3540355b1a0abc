import { parseQuantity } from '../../inspection/quantity.js';
import type { Requests } from '../../inspection/specification.js';
import { wantedLabels, type Wanted } from './manifests/placement.js';
import type { NodeSeen } from './observe/parse-node.js';
import type { Placement } from './options.js';

const GIBIBYTE = 1024 ** 3;
/** Taints that come and go with a node's health; the nodes will do later. */
const PASSING_TAINT = /^node\.kubernetes\.io\//;

/**
 * One sentence for the first requirement that no node meets, and what the nodes do offer; undefined
 * where one node meets them all, however busy it is now.
 *
 * @param extraBytes memory that the pod takes beside what is asked for
 */
export function whyUnschedulable(
  requests: Requests,
  placement: Placement,
  nodes: readonly NodeSeen[],
  extraBytes = 0,
): string | undefined {
  let left = nodes.filter((node) => isOpen(node, placement));
  if (left.length === 0) {
    return `None of the cluster's ${nodes.length} nodes takes such pods; its operator has to change the node selector, the tolerations, or the nodes.`;
  }
  for (const { meets, explain } of demandsOf(requests, extraBytes)) {
    const fitting = left.filter(meets);
    if (fitting.length === 0) return explain(left);
    left = fitting;
  }
  return undefined;
}

/** One thing that is asked of a node. */
interface Demand {
  readonly meets: (node: NodeSeen) => boolean;
  /** What to say where none of these nodes meets it. */
  readonly explain: (nodes: readonly NodeSeen[]) => string;
}

function demandsOf(requests: Requests, extraBytes: number): Demand[] {
  const { hardware, cpu, memory } = requests;
  const gpus = hardware.gpu ?? 0;
  const wanted = wantedLabels(hardware);
  return [
    ...wanted.map(labelDemand),
    togetherDemand(wanted),
    amountDemand(`${gpus} GPUs`, gpus, (node) => node.gpus, String),
    amountDemand(`cpu ${cpu}`, parseQuantity(cpu), (node) => node.cpus, String),
    amountDemand(
      extraBytes === 0 ? `${memory} of memory` : `${memory} of memory beside the builder's own`,
      parseQuantity(memory) + extraBytes,
      (node) => node.memoryBytes,
      gibibytes,
    ),
  ];
}

function labelDemand({ own, discovered }: Wanted): Demand {
  const labels = discovered === undefined ? [own] : [own, discovered];
  return {
    meets: (node) => labels.some(({ label, value }) => node.labels[label] === value),
    explain: (nodes) => {
      const names = labels.map(({ label }) => label);
      const there = new Set(
        nodes.flatMap((node) => names.flatMap((name) => node.labels[name] ?? [])),
      );
      const offer =
        there.size === 0
          ? `no node says its ${own.label} (labels ${names.join(' or ')})`
          : `the nodes have ${list([...there].sort())}`;
      return `No node has ${own.label.toLowerCase()} ${own.value}; ${offer}.`;
    },
  };
}

/** Pods want all of a node's labels of one kind: Amun's own, or those that were discovered. */
function togetherDemand(wanted: readonly Wanted[]): Demand {
  const has = (node: NodeSeen, { label, value }: Wanted['own']) => node.labels[label] === value;
  return {
    meets: (node) =>
      wanted.every(({ own }) => has(node, own)) ||
      wanted.every(({ own, discovered }) => has(node, discovered ?? own)),
    explain: () =>
      `No node says ${list(wanted.map(({ own }) => own.label))} by labels of one kind; its operator has to set all of Amun's labels on it, or none that Node Feature Discovery sets too.`,
  };
}

function amountDemand(
  asked: string,
  amount: number,
  read: (node: NodeSeen) => number,
  write: (amount: number) => string,
): Demand {
  return {
    meets: (node) => read(node) >= amount,
    explain: (nodes) => {
      const most = Math.max(...nodes.map(read));
      return `No node that would do otherwise has ${asked}; the largest has ${write(most)}.`;
    },
  };
}

function gibibytes(bytes: number): string {
  return `${(bytes / GIBIBYTE).toFixed(1)}Gi`;
}

const MOST_LISTED = 10;
/** Of a label's value, by Kubernetes' own rules. */
const MOST_CHARACTERS = 63;

function list(values: readonly string[]): string {
  const more = values.length - MOST_LISTED;
  const shown = values
    .slice(0, MOST_LISTED)
    .map((value) => value.slice(0, MOST_CHARACTERS))
    .join(', ');
  return more > 0 ? `${shown} and ${more} more` : shown;
}

/** Whether the operator's selector and tolerations let pods onto it, now or once it is well again. */
function isOpen(node: NodeSeen, { nodeSelector, tolerations, queue }: Placement): boolean {
  const isSelected = Object.entries(nodeSelector).every(
    ([label, value]) => node.labels[label] === value,
  );
  return (
    isSelected &&
    node.taints.every(
      ({ key, value, effect }) =>
        // Kueue adds the tolerations of the flavor that it admits a pod to.
        queue !== undefined ||
        effect === 'PreferNoSchedule' ||
        PASSING_TAINT.test(key) ||
        tolerations.some(
          (one) =>
            one.key === key &&
            (one.value === undefined || one.value === value) &&
            (one.effect === undefined || one.effect === effect),
        ),
    )
  );
}
