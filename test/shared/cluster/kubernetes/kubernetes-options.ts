import type { KubernetesOptions } from '../../../../shared/cluster/kubernetes/options.js';

const ANYWHERE = { nodeSelector: {}, tolerations: [], annotations: {} };

/** Options as an operator has them who sets nothing but a registry. */
export const PLAIN: KubernetesOptions = {
  namespace: 'amun',
  builder: {
    image: 'registry.example.com/builder:1',
    repository: 'registry.example.com/amun',
    insecureRegistries: [],
  },
  builds: ANYWHERE,
  runs: ANYWHERE,
  pullSecrets: [],
  operator: { environment: {} },
  schedulingTimeoutSeconds: 0,
};

/** Options of an operator who sets everything. */
export const FULL: KubernetesOptions = {
  namespace: 'inspections',
  builder: {
    image: 'registry.example.com/builder:1',
    repository: 'registry.example.com:5000/team/amun',
    registrySecret: 'push',
    insecureRegistries: ['registry.example.com:5000', '10.0.0.1:5000'],
  },
  builds: {
    nodeSelector: { pool: 'builds' },
    tolerations: [{ key: 'builds', value: 'only', effect: 'NoSchedule' }],
    annotations: { 'sidecar.istio.io/inject': 'false' },
  },
  runs: {
    nodeSelector: { pool: 'runs', zone: 'a' },
    tolerations: [{ key: 'runs' }, { key: 'nvidia.com/gpu', effect: 'NoExecute' }],
    annotations: { 'cluster-autoscaler.kubernetes.io/safe-to-evict': 'false' },
  },
  pullSecrets: ['pull-one', 'pull-two'],
  operator: {
    caBundle: '-----BEGIN CERTIFICATE-----\nQ0E=\n-----END CERTIFICATE-----\n',
    environment: { HTTPS_PROXY: 'http://proxy:3128/$(HOME)', PIP_INDEX_URL: 'https://pypi/simple' },
  },
  schedulingTimeoutSeconds: 300,
};
