import { spawnSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseManifests, type Manifest } from '../deploy/kustomize.js';
import { PHASES } from '../../shared/inspection/phase.js';
import { requireTools } from '../require-tools.js';
import {
  requireNodeCluster,
  startNodeCluster,
  type NodeCluster,
} from '../shared/cluster/kubernetes/node-cluster.js';
import { OF_INSPECTIONS } from '../of-inspections.js';
import { waitUntil } from '../wait-until.js';
import { resultOf, submit, succeeded, until } from './inspect.js';
import { keepServicesInside } from './keep-inside.js';
import { importProgramImage } from './program-image.js';
import { countInFlight, readEvents, type NatsAddress } from './stack-events.js';
import { AMUN_IMAGE, NATS_IMAGE, natsVolume, TAG, writeSite } from './standalone-site.js';

const TEST_MS = 600_000;
/** What one step of a test may take. */
const STEP_MS = 240_000;
/** Most of it for another test to let go of the node. */
const SETUP_MS = 15 * 60_000;
const TOKEN = 'token-of-a-test';
const PODS = 15;

/** Each Deployment, and what is under way when it goes. */
const DEPLOYMENTS = [
  ['submit', 'building'],
  ['on-build-complete', 'building'],
  ['connector', 'building'],
  ['gateway', 'building'],
  ['on-job-complete', 'running'],
  ['watcher', 'running'],
  ['status', 'running'],
] as const;

const IN_ORDER: readonly string[] = PHASES;

const script = (seconds: number): string => `#!/bin/sh
echo "begun as $(hostname)"
sleep ${seconds}
printf 'CR LF\\r\\n'
echo err >&2
`;

const describeStandalone = requireTools(['nats-server', 'ldd'], requireNodeCluster());

describeStandalone('the overlay "standalone"', () => {
  let cluster: NodeCluster;
  let manifests: Manifest[];
  let gateway: { readonly url: string };
  let nats: NatsAddress;
  const ids: string[] = [];
  const stops: (() => Promise<unknown>)[] = [];
  const kubectl = (...args: string[]): Promise<string> =>
    cluster.realkube.kubectl(['-n', 'amun', ...args]);

  beforeAll(async () => {
    const folder = await mkdtemp(join(tmpdir(), 'amun-standalone-'));
    stops.unshift(() => rm(folder, { recursive: true, force: true }));
    cluster = await startNodeCluster();
    stops.unshift(() => cluster.stop());
    stops.unshift(await keepServicesInside());
    await importPrograms(cluster);
    const address = await freeServiceAddress();
    const site = await writeSite(folder, cluster, address, TOKEN);
    const volume = JSON.stringify(await natsVolume(folder));
    await cluster.realkube.kubectl(['apply', '-f', '-'], volume);
    manifests = parseManifests(await cluster.realkube.kubectl(['kustomize', site]));
    await cluster.realkube.kubectl(['apply', '-k', site]);
    gateway = { url: `http://${address}:8080` };
  }, SETUP_MS);
  afterAll(async () => {
    for (const stop of stops) await stop();
  }, TEST_MS);

  it(
    'becomes ready, every pod of it',
    async () => {
      const within = ['--timeout', '250s'];
      await kubectl('rollout', 'status', 'statefulset/nats', ...within);
      await kubectl('wait', '--for=condition=Available', 'deployment', '--all', ...within);
      const ready = '{.items[*].status.conditions[?(@.type=="Ready")].status}';
      const all = Array(PODS).fill('True').join(' ');
      await waitUntil(
        async () => (await kubectl('get', 'pods', '-o', `jsonpath=${ready}`)) === all,
        STEP_MS,
      );
      const ip = await kubectl('get', 'service', 'nats', '-o', 'jsonpath={.spec.clusterIP}');
      nats = { url: `nats://${ip}:4222`, token: TOKEN };
    },
    TEST_MS,
  );

  it(
    'inspects what the Service of its gateway is told to',
    async () => {
      await expectWhole(await start('first', 0));
    },
    TEST_MS,
  );

  it.each(DEPLOYMENTS)(
    'misses nothing where %s is deleted while it is %s, and made again later',
    async (name, phase) => {
      // Long enough for the last pod to be gone before it.
      const id = await start(name, phase === 'running' ? 20 : 0);
      // A slow machine may look only when that is over.
      const reached = IN_ORDER.slice(IN_ORDER.indexOf(phase));
      await until(gateway, id, (status) => reached.includes(status.phase));
      try {
        // Until its last pod is gone.
        await kubectl('delete', 'deployment', name, '--cascade=foreground', '--timeout=300s');
        // What was under way ends without it.
        await waitUntil(async () => (await working()) === '', STEP_MS);
      } finally {
        await makeAgain(name);
      }
      await expectWhole(id);
    },
    TEST_MS,
  );

  it(
    'told of each end once, and leaves nothing behind',
    async () => {
      expect(ids).toHaveLength(1 + DEPLOYMENTS.length);
      await waitUntil(async () => (await countInFlight(nats)) === 0, STEP_MS);
      const events = await readEvents(nats);
      const told = events.filter(({ type }) => type === 'amun.inspection.complete');
      expect(told.map(({ subject }) => subject).sort()).toEqual([...ids].sort());
      expect(events.filter(({ type }) => type === 'amun.dead-letter')).toEqual([]);
      await waitUntil(async () => (await ofInspections('pods,configmaps')) === '', STEP_MS);
    },
    TEST_MS,
  );

  /** Submits an inspection with a build of its own, whose script takes so long. */
  async function start(name: string, seconds: number): Promise<string> {
    const id = await submit(gateway, {
      base: cluster.baseImage,
      files: [{ path: '/opt/name', content: name }],
      build: { requests: { cpu: '100m', memory: '256Mi' } },
      run: { requests: { cpu: '100m', memory: '64Mi' } },
      script: script(seconds),
    });
    ids.push(id);
    return id;
  }

  async function makeAgain(name: string): Promise<void> {
    const manifest = manifests.find(
      ({ kind, metadata }) => kind === 'Deployment' && metadata.name === name,
    );
    await cluster.realkube.kubectl(['apply', '-f', '-'], JSON.stringify(manifest));
  }

  async function expectWhole(id: string): Promise<void> {
    expect(await succeeded(gateway, id)).toMatchObject({ reason: null });
    const stdout = `begun as ${id}-0\nCR LF\r\n`;
    expect(await resultOf(gateway, id)).toMatchObject({ stdout, stderr: 'err\n', exit_code: 0 });
  }

  function ofInspections(kinds: string, ...more: string[]): Promise<string> {
    const ours = ['-n', 'amun-inspections', '-l', OF_INSPECTIONS];
    return cluster.realkube.kubectl(['get', kinds, ...ours, '-o', 'name', ...more]);
  }

  /** Pods of builds and runs that have not ended. */
  function working(): Promise<string> {
    const ends = ['Succeeded', 'Failed'].map((phase) => `status.phase!=${phase}`);
    return ofInspections('pods', '--field-selector', ends.join(','));
  }

  /** Beside the address of the API server's Service, which is the first of its range. */
  async function freeServiceAddress(): Promise<string> {
    const path = 'jsonpath={.spec.clusterIP}';
    const first = await cluster.realkube.kubectl(['get', 'service', 'kubernetes', '-o', path]);
    return first.replace(/\d+$/, '80');
  }
});

/** Amun as it was built, and nats-server, each with what this machine has. */
async function importPrograms({ realkube }: NodeCluster): Promise<void> {
  await importProgramImage(realkube, {
    name: `${AMUN_IMAGE}:${TAG}`,
    program: process.execPath,
    command: 'node',
    files: { '/app/dist': 'dist', '/app/stack.yml': 'stack.yml' },
  });
  const { stdout } = spawnSync('sh', ['-c', 'command -v nats-server'], { encoding: 'utf8' });
  await importProgramImage(realkube, {
    name: `${NATS_IMAGE}:${TAG}`,
    program: stdout.trim(),
    command: 'nats-server',
  });
}
