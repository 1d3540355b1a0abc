import type { OperatorOptions, Placement } from '../kubernetes/options.js';

/** How OpenShift carries out builds and runs. */
export interface OpenShiftOptions {
  /** Of builds and runs. */
  readonly namespace: string;
  /** Labels of the nodes for builds: all that a BuildConfig can say of where it builds. */
  readonly buildNodeSelector: Readonly<Record<string, string>>;
  readonly runs: Placement;
  /** Name of a Secret with which builds pull their bases, where the builder's own are not enough. */
  readonly pullSecret?: string;
  readonly operator: OperatorOptions;
  /** How long a pod that no node fits may wait for one (an autoscaler may bring it), seconds. */
  readonly schedulingTimeoutSeconds: number;
  /** How long an image is kept from the moment in which its build was asked for, seconds. */
  readonly imageSeconds: number;
}

/** Where builds go, in the words of Kubernetes. */
export function buildPlacement({ buildNodeSelector }: OpenShiftOptions): Placement {
  return { nodeSelector: buildNodeSelector, tolerations: [], annotations: {} };
}
