import type { ApiServer } from '../cluster/kubernetes/api/api-server.js';
import { connectApiServer } from '../cluster/kubernetes/api/connect-api-server.js';
import { requireOpenShift } from '../cluster/openshift/check-openshift.js';
import { createOpenShiftCluster } from '../cluster/openshift/create-openshift-cluster.js';
import type { OpenShiftOptions } from '../cluster/openshift/options.js';
import type { Cluster } from '../cluster/port.js';
import type { Config } from '../config/config.js';
import type { PlacementConfig } from '../config/kubernetes-config.js';
import { AmunError } from '../errors/amun-error.js';
import { operatorOptions } from './operator-options.js';

/** A build is still given to an inspection in the last moment of its cache time. */
const IMAGE_MARGIN_SECONDS = 3600;

/** The OpenShift that is configured; throws InvalidRequest where the API server is none. */
export async function openOpenShiftCluster(config: Config): Promise<Cluster> {
  const api = await connectApiServer({ context: config.kubernetes.context });
  const options = openShiftOptions(config, api);
  await requireOpenShift(api);
  return createOpenShiftCluster(api, options);
}

/** What the configuration says of OpenShift; throws InvalidRequest for what its builds cannot do. */
export function openShiftOptions(
  config: Config,
  api: Pick<ApiServer, 'namespace'>,
): OpenShiftOptions {
  const { kubernetes, operator, buildCacheSeconds, buildTimeoutSeconds, runTimeoutSeconds } =
    config;
  const pullSecret = onlySecret([
    ...(kubernetes.registrySecret === undefined ? [] : [kubernetes.registrySecret]),
    ...kubernetes.pullSecrets,
  ]);
  return {
    namespace: kubernetes.namespace ?? api.namespace ?? 'default',
    buildNodeSelector: onlySelector(kubernetes.builds),
    runs: kubernetes.runs,
    ...(pullSecret === undefined ? {} : { pullSecret }),
    operator: operatorOptions(operator),
    schedulingTimeoutSeconds: kubernetes.schedulingTimeoutSeconds,
    imageSeconds:
      buildTimeoutSeconds + buildCacheSeconds + runTimeoutSeconds + IMAGE_MARGIN_SECONDS,
  };
}

/** A BuildConfig names one Secret. */
function onlySecret(names: readonly string[]): string | undefined {
  const [name, ...others] = new Set(names);
  if (others.length === 0) return name;
  throw new AmunError(
    'InvalidRequest',
    `OpenShift's builds pull with one Secret, and AMUN_REGISTRY_SECRET and AMUN_PULL_SECRETS name ${others.length + 1}; put all credentials into one.`,
  );
}

/** OpenShift's controllers decide on all else of the pods of builds. */
function onlySelector({ nodeSelector, tolerations, annotations }: PlacementConfig) {
  if (tolerations.length === 0 && Object.keys(annotations).length === 0) return nodeSelector;
  throw new AmunError(
    'InvalidRequest',
    'AMUN_BUILD_TOLERATIONS and AMUN_BUILD_ANNOTATIONS do nothing on OpenShift; unset them, and set spec.buildOverrides of the cluster (oc edit build.config.openshift.io/cluster).',
  );
}
