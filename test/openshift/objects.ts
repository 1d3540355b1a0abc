import type { ApiServer } from '../../shared/cluster/kubernetes/api/api-server.js';
import { isAmunError } from '../../shared/errors/amun-error.js';

/** An object as the stand-in reads it: it made most of it itself, and admitted the rest. */
export interface Thing {
  readonly apiVersion?: string;
  readonly kind?: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace: string;
    readonly uid: string;
    readonly resourceVersion: string;
    readonly creationTimestamp: string;
    readonly deletionTimestamp?: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
    readonly ownerReferences?: readonly { readonly uid: string }[];
  };
}

export interface BuildSpec {
  readonly source: {
    readonly dockerfile: string;
    readonly configMaps?: readonly {
      readonly configMap: { readonly name: string };
      readonly destinationDir?: string;
    }[];
  };
  readonly strategy: { readonly dockerStrategy: object };
  readonly output: { readonly to: { readonly name: string } };
  readonly resources?: object;
  readonly nodeSelector?: Readonly<Record<string, string>>;
  readonly completionDeadlineSeconds?: number;
}

export interface BuildConfigThing extends Thing {
  readonly spec: BuildSpec & {
    readonly triggers: readonly { readonly type: string }[];
    readonly successfulBuildsHistoryLimit?: number;
    readonly failedBuildsHistoryLimit?: number;
  };
  readonly status?: { readonly lastVersion?: number };
}

export interface BuildThing extends Thing {
  readonly spec: BuildSpec;
  readonly status: {
    readonly phase: string;
    readonly cancelled?: boolean;
    readonly reason?: string;
    readonly message?: string;
    readonly startTimestamp?: string;
    readonly completionTimestamp?: string;
    readonly logSnippet?: string;
    readonly outputDockerImageReference?: string;
    readonly output?: { readonly to?: { readonly imageDigest?: string } };
  };
}

export interface StreamThing extends Thing {
  readonly status?: { readonly dockerImageRepository?: string };
}

export interface ContainerStatus {
  readonly name: string;
  readonly state: {
    readonly running?: object;
    readonly terminated?: {
      readonly exitCode: number;
      readonly reason?: string;
      readonly message?: string;
    };
  };
}

export interface PodThing extends Thing {
  readonly status: {
    readonly phase: string;
    readonly reason?: string;
    readonly message?: string;
    readonly startTime?: string;
    readonly initContainerStatuses?: readonly ContainerStatus[];
    readonly containerStatuses?: readonly ContainerStatus[];
  };
}

export const TERMINAL = ['Complete', 'Failed', 'Error', 'Cancelled'];
export const BUILD_NAME = 'openshift.io/build.name';

const FOLDERS = {
  buildconfigs: '/apis/build.openshift.io/v1',
  builds: '/apis/build.openshift.io/v1',
  imagestreams: '/apis/image.openshift.io/v1',
  configmaps: '/api/v1',
  pods: '/api/v1',
  serviceaccounts: '/api/v1',
} as const;

/** Path of a kind of objects in a namespace, or of one of them. */
export function pathOf(kind: keyof typeof FOLDERS, namespace: string, name?: string): string {
  const folder = `${FOLDERS[kind]}/namespaces/${namespace}/${kind}`;
  return name === undefined ? folder : `${folder}/${name}`;
}

/** The object, or undefined where there is none. */
export async function find<T extends Thing>(api: ApiServer, path: string): Promise<T | undefined> {
  return (await api.get(path).catch((error: unknown) => {
    if (isAmunError(error, 'NotFound')) return undefined;
    throw error;
  })) as T | undefined;
}

/** Makes the object unless it is there: a step that failed half-way is done again. */
export async function createOnce(api: ApiServer, path: string, object: object): Promise<void> {
  await api.create(path, object).catch((error: unknown) => {
    if (!isAmunError(error, 'AlreadyExists')) throw error;
  });
}
