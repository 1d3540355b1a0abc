import type { ApiServer } from '../../shared/cluster/kubernetes/api/api-server.js';
import { isAmunError } from '../../shared/errors/amun-error.js';
import { find, pathOf, type BuildConfigThing } from './objects.js';

export interface InstantiateRequest {
  readonly lastVersion?: number;
  readonly triggeredBy?: readonly object[];
}

/** What `instantiate` answers: a Build, or a Status. */
export interface Answer {
  readonly code: number;
  readonly body: object;
}

/** Makes the next Build of a BuildConfig. Whoever is first counts it; nobody makes it twice. */
export async function instantiate(
  api: ApiServer,
  namespace: string,
  name: string,
  { lastVersion, triggeredBy = [{ message: 'Manually triggered' }] }: InstantiateRequest,
): Promise<Answer> {
  for (;;) {
    const path = pathOf('buildconfigs', namespace, name);
    const config = await find<BuildConfigThing>(api, path);
    if (config === undefined) {
      return status(404, 'NotFound', `buildconfigs.build.openshift.io "${name}" not found`);
    }
    const made = config.status?.lastVersion ?? 0;
    if (lastVersion !== undefined && lastVersion !== made) {
      const words = `the LastVersion(${made}) on build config ${namespace}/${name} does not match the build request LastVersion(${lastVersion})`;
      return status(400, 'BadRequest', words);
    }
    if ((await find(api, pathOf('serviceaccounts', namespace, 'builder'))) === undefined) {
      const words = `error getting push/pull secrets for service account ${namespace}/builder: serviceaccounts "builder" not found`;
      return status(500, 'InternalError', `Internal error occurred: ${words}`);
    }
    try {
      const { resourceVersion } = config.metadata;
      await api.patch(path, { metadata: { resourceVersion }, status: { lastVersion: made + 1 } });
    } catch (error) {
      if (isAmunError(error, 'Conflict')) continue;
      throw error;
    }
    const build = buildOf(config, made + 1, triggeredBy);
    return { code: 201, body: (await api.create(pathOf('builds', namespace), build)) as object };
  }
}

function buildOf(config: BuildConfigThing, number: number, triggeredBy: readonly object[]): object {
  const { name, namespace, uid, labels } = config.metadata;
  const { source, strategy, output, resources, nodeSelector, completionDeadlineSeconds } =
    config.spec;
  return {
    apiVersion: 'build.openshift.io/v1',
    kind: 'Build',
    metadata: {
      name: `${name}-${number}`,
      namespace,
      labels: {
        ...labels,
        buildconfig: name.slice(0, 63),
        'openshift.io/build-config.name': name.slice(0, 63),
        'openshift.io/build.start-policy': 'Parallel',
      },
      annotations: {
        'openshift.io/build-config.name': name,
        'openshift.io/build.number': String(number),
      },
      ownerReferences: [
        { apiVersion: 'build.openshift.io/v1', kind: 'BuildConfig', name, uid, controller: true },
      ],
    },
    spec: {
      ...{ source, strategy, output, resources, nodeSelector, completionDeadlineSeconds },
      serviceAccount: 'builder',
      triggeredBy,
    },
    status: { phase: 'New', conditions: [{ type: 'New', status: 'True' }], output: {} },
  };
}

/** A refusal as an API server words it. */
export function status(code: number, reason: string, message: string): Answer {
  const body = { kind: 'Status', apiVersion: 'v1', status: 'Failure', code, reason, message };
  return { code, body };
}
