import type { JsonObject } from '../../../shared/inspection/specification.js';

const HASH = `sha256:${'0123456789abcdef'.repeat(4)}`;

const SOURCES = [
  { name: 'main', url: 'https://index.example.org/simple', verify_ssl: true },
  {
    name: 'avx2',
    url: 'https://tensorflow.example.org/index/fedora/avx2/simple/',
    verify_ssl: false,
  },
];

/** The shape of the specifications that come in by the thousand. */
export const TENSORFLOW: JsonObject = {
  '@created': '2020-06-01T10:00:00.000000',
  '@amun_service_version': '0.10.6',
  base: 'registry.example.org/thoth/s2i-thoth-ubi8-py36:v0.12.4',
  identifier: 'tf-conv-avx2-mkl',
  labels: { 'thoth-station.example.org/adviser-run': '20200601_a.b', optimised: '' },
  batch_size: 100,
  packages: ['which', 'python3-pip'],
  python_packages: ['micropipenv[toml]'],
  package_manager: 'micropipenv',
  files: [],
  environment: [{ name: 'OMP_NUM_THREADS', value: '1' }],
  script: 'https://raw.example.org/thoth-station/performance/master/tensorflow/conv2d.py',
  python: {
    requirements: {
      source: SOURCES,
      packages: { tensorflow: { version: '==2.1.0', index: 'avx2' }, numpy: '*' },
      'dev-packages': {},
      requires: { python_version: '3.6' },
    },
    requirements_locked: {
      _meta: {
        hash: { sha256: HASH.slice(7) },
        'pipfile-spec': 6,
        requires: { python_version: '3.6' },
        sources: SOURCES,
      },
      default: {
        tensorflow: { hashes: [HASH], index: 'avx2', version: '==2.1.0', markers: null },
        'absl-py': { hashes: [HASH], version: '==0.9.0' },
      },
      develop: {},
    },
    runtime_environment: { name: 'ubi8', cuda_version: null },
    constraints: null,
  },
  build: { requests: { cpu: '3', memory: '4Gi' } },
  run: {
    requests: {
      cpu: '2',
      memory: '1.5Gi',
      hardware: {
        cpu_family: 6,
        cpu_model: 85,
        processor: 'GenuineIntel',
        physical_cpus: 32,
        gpu: 0,
      },
    },
  },
};

/** Every optional field as generated clients send it that were told nothing. */
export const ALL_NULL: JsonObject = {
  base: 'fedora:28',
  identifier: null,
  labels: null,
  packages: null,
  python_packages: null,
  python: { requirements: null, requirements_locked: null },
  package_manager: null,
  files: null,
  environment: null,
  script: null,
  batch_size: null,
  parallelism: null,
  allowed_failures: null,
  build: { requests: { cpu: null, memory: null, hardware: { cpu_family: null, processor: null } } },
  run: { requests: null },
  update: null,
  upgrade_pip: null,
  send_messages: null,
  force_sync: null,
  force: null,
};

/** As YAML has it: numbers for quantities, relative and untidy paths, text of several lines. */
export const UNTIDY: JsonObject = {
  base: 'localhost:5000/team/base@sha256:' + 'ab'.repeat(32),
  python_packages: ['requests >= 2.31 '],
  labels: {},
  python: { requirements: {}, requirements_locked: {} },
  files: [
    { path: 'opt//app/./a.txt', content: 'quotes " \' ` $HOME \\ % \n\u0000\u{1f600}' },
    { path: '/opt/app/b', content: '' },
  ],
  environment: [{ name: '_X', value: 'a "b" \'c\' $D \\ \t`e`' }],
  script: '  HTTPS://example.org/run.sh?x=1&y=%20  \n',
  build: { requests: { cpu: 2, memory: 1073741824 } },
  run: { requests: { cpu: 0.5, memory: '1e9', hardware: { gpu: 2 } } },
  update: true,
  upgrade_pip: true,
  send_messages: false,
  force_sync: true,
  force: true,
};
