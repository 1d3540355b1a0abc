import { execFileSync } from 'node:child_process';
import { parseAllDocuments } from 'yaml';
import { requireTools } from '../require-tools.js';

export const OVERLAYS = ['standalone', 'openfaas', 'openshift'] as const;

/** A manifest, as far as the tests look at it. */
export interface Manifest {
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
  };
  readonly spec?: Spec;
  readonly data?: Readonly<Record<string, string>>;
  readonly rules?: readonly Rule[];
  readonly roleRef?: { readonly kind: string; readonly name: string };
  readonly subjects?: readonly {
    readonly kind: string;
    readonly name: string;
    readonly namespace: string;
  }[];
}

interface Spec {
  readonly replicas?: number;
  readonly selector?: { readonly matchLabels?: Readonly<Record<string, string>> };
  readonly template?: {
    readonly metadata: { readonly labels: Readonly<Record<string, string>> };
    readonly spec: PodSpec;
  };
  readonly volumeClaimTemplates?: readonly { readonly metadata: { readonly name: string } }[];
  readonly ports?: readonly { readonly port: number }[];
  readonly egress?: readonly {
    readonly to?: readonly {
      readonly ipBlock?: { readonly cidr: string; readonly except?: readonly string[] };
    }[];
  }[];
}

export interface PodSpec {
  readonly serviceAccountName?: string;
  readonly automountServiceAccountToken?: boolean;
  readonly enableServiceLinks?: boolean;
  readonly terminationGracePeriodSeconds?: number;
  readonly containers: readonly Container[];
  readonly volumes?: readonly { readonly name: string }[];
}

export interface Container {
  readonly name: string;
  readonly image: string;
  readonly command?: readonly string[];
  readonly env?: readonly { readonly name: string }[];
  readonly envFrom?: readonly { readonly configMapRef: { readonly name: string } }[];
  readonly readinessProbe?: object;
  readonly livenessProbe?: object;
  readonly resources?: {
    readonly requests?: Readonly<Record<string, string>>;
    readonly limits?: Readonly<Record<string, string>>;
  };
}

export interface Rule {
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
  readonly verbs: readonly string[];
}

/** `describe` where there is a kubectl. */
export function describeWithKubectl(): jest.Describe {
  return requireTools(['kubectl']);
}

/** What `kubectl apply -k` would apply of a folder, as text. */
export function renderText(folder: string): string {
  return execFileSync('kubectl', ['kustomize', folder], { encoding: 'utf8' });
}

/** The same as objects. */
export function render(folder: string): Manifest[] {
  return parseManifests(renderText(folder));
}

export function parseManifests(text: string): Manifest[] {
  return parseAllDocuments(text).map((document) => document.toJS() as Manifest);
}

/** Whatever runs pods. */
export function workloads(manifests: readonly Manifest[]): Manifest[] {
  return manifests.filter(({ kind }) => ['Deployment', 'StatefulSet', 'DaemonSet'].includes(kind));
}

export function podSpec({ spec, metadata }: Manifest): PodSpec {
  if (spec?.template === undefined) throw new Error(`${metadata.name} runs no pods`);
  return spec.template.spec;
}
