import { runArguments } from '../../../../services/local-cluster/runs/run-arguments.js';
import { runName } from '../../../../services/local-cluster/runs/run-name.js';
import type { RunPlan } from '../../../../services/local-cluster/runs/run-plan.js';
import { buildArguments } from '../../../../services/local-cluster/builds/build-arguments.js';
import type { Engine } from '../../../../shared/cluster/local/engine/engine.js';

const ENGINE: Engine = {
  name: 'podman',
  version: '4.3.1',
  environment: {},
  runNetwork: 'slirp4netns',
  buildArguments: ['--isolation', 'oci'],
  hasLimits: true,
  hasCgroupParents: true,
};

const PLAN: RunPlan = {
  job: {
    id: 'inspection-1',
    image: 'sha256:1234',
    batchSize: 1,
    files: [{ path: '/amun/entrypoint.sh', mode: 0o755 }],
    init: [],
    command: ['/amun/entrypoint.sh'],
    environment: [
      { name: 'HOME', value: '/elsewhere' },
      { name: 'http_proxy', value: 'mine' },
    ],
    requests: { cpu: '500m', memory: '1.5Gi', hardware: {} },
    timeoutSeconds: 60,
    requestedAt: '2024-05-01T12:00:00.000Z',
  },
  item: 0,
  attempt: 1,
  name: 'amun-0-inspection-1-0',
  folder: '/stack/attempt',
  jobFolder: '/stack/job',
};

function argumentsOf(engine: Partial<Engine>, plan: Partial<RunPlan> = {}): string {
  const operator = { environment: { HTTP_PROXY: 'http://proxy:1' }, caBundle: '/stack/ca.pem' };
  return runArguments({ ...ENGINE, ...engine }, operator, 'a=b', { ...PLAN, ...plan }).join(' ');
}

describe('a run’s arguments', () => {
  it('take all powers away and limit memory, cores and processes', () => {
    const line = argumentsOf({});
    expect(line).toContain('--cap-drop all --security-opt no-new-privileges');
    expect(line).toContain('--memory 1610612736 --memory-swap 1610612736 --cpus 0.50');
    expect(line).toMatch(/--pids-limit \d+/);
    expect(line).toContain('--network slirp4netns --pull never --user 1042:0');
    expect(line).toContain('--volume /stack/job/files/0:/amun/entrypoint.sh:ro,z');
  });

  it('leave the limits out where the engine has none', () => {
    expect(argumentsOf({ hasLimits: false })).not.toContain('--memory');
  });

  it('give the operator’s settings, and the user’s over them', () => {
    const line = argumentsOf({});
    expect(line).toContain('--volume /stack/ca.pem:/amun/ca.pem:ro,z');
    expect(line).toContain('--env SSL_CERT_FILE=/amun/ca.pem');
    expect(line).toContain('--env HTTP_PROXY=http://proxy:1');
    expect(line).toContain('--env http_proxy=mine');
    expect(line).not.toContain('http_proxy=http://proxy:1');
    expect(line).toContain('--env HOME=/elsewhere');
  });

  it('ask for GPUs in each engine’s way', () => {
    const requests = { ...PLAN.job.requests, hardware: { gpu: 2 } };
    const job = { ...PLAN.job, requests };
    expect(argumentsOf({}, { job })).toContain('--device nvidia.com/gpu=all');
    expect(argumentsOf({ name: 'docker' }, { job })).toContain('--gpus 2');
  });
});

describe('a build’s arguments', () => {
  const plan = {
    context: '/stack/context',
    tag: 'localhost/amun-0/build-1:latest',
    idFile: '/stack/image-id',
    requests: PLAN.job.requests,
    cgroup: 'amun-0-build-1-1',
    operatorEnvironment: { HTTPS_PROXY: 'http://proxy:1', PIP_INDEX_URL: 'https://index/simple' },
  };

  it('limit memory, weigh cores, and keep the operator’s proxies out of the image', () => {
    const line = buildArguments(ENGINE, plan).join(' ');
    expect(line).toContain('--memory 1610612736 --memory-swap 1610612736 --cpu-shares 512');
    expect(line).toContain('--build-arg HTTPS_PROXY=http://proxy:1');
    expect(line).not.toContain('PIP_INDEX_URL');
    expect(line).toContain('--layers=false --cgroup-parent /amun-0-build-1-1');
    expect(line).toMatch(
      /--isolation oci .* --file \/stack\/context\/Dockerfile \/stack\/context$/,
    );
  });

  it('use no cache with docker', () => {
    const line = buildArguments({ ...ENGINE, name: 'docker', buildArguments: [] }, plan).join(' ');
    expect(line).toContain('--no-cache');
    expect(line).not.toMatch(/layers|cgroup-parent|isolation/);
  });
});

describe('a run’s name', () => {
  const layout = { root: '/stack/cluster', stack: '0123abcd' };

  it('is made of stack, job and item', () => {
    expect(runName(layout, 'inspection-1', 7)).toBe('amun-0123abcd-inspection-1-7');
  });

  it('fits a host name, and is still different for each run', () => {
    const jobs = ['a', 'b'].map((letter) => `inspection-${'x'.repeat(50)}-${letter}`);
    const names = jobs.flatMap((job) => [0, 999].map((item) => runName(layout, job, item)));
    expect(new Set(names).size).toBe(4);
    for (const name of names) expect(name).toMatch(/^amun-[a-z0-9-]{1,58}$/);
  });
});
