import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { createKubernetesCluster } from '../../../../../shared/cluster/kubernetes/create-kubernetes-cluster.js';
import type { KubernetesOptions } from '../../../../../shared/cluster/kubernetes/options.js';
import type { ContextFile } from '../../../../../shared/inspection/build-context.js';
import type { Cluster } from '../../../../../shared/cluster/port.js';
import { createFakeApiServer } from '../fake-api-server.js';
import { FULL, PLAIN } from '../kubernetes-options.js';
import { buildOf, jobOf, PICKY } from './requests.js';

/**
 * Everything that is made, as it is sent; UPDATE_GOLDEN=1 takes what there is for what is expected
 * (`npm run format` then writes it as all other files are written).
 */
const GOLDEN = fileURLToPath(new URL('golden/', import.meta.url));

async function made(
  options: KubernetesOptions,
  act: (cluster: Cluster) => Promise<void>,
): Promise<unknown> {
  const api = createFakeApiServer();
  await act(createKubernetesCluster(api, options));
  const created = api.calls.filter(({ verb }) => verb === 'create');
  return created.map(({ path: to, body }) => ({ to, body }));
}

const QUEUED: KubernetesOptions = {
  ...PLAIN,
  builds: { ...PLAIN.builds, queue: 'team-a-builds' },
  runs: { ...PLAIN.runs, queue: 'team-a' },
};

const SHARED: ContextFile[] = [
  { path: '/amun/hwinfo.sh', content: 'echo {}\n', mode: 0o755, isCommon: true },
  { path: '/home/amun/script', content: 'echo\n', mode: 0o755 },
];

const CASES: [string, KubernetesOptions, (cluster: Cluster) => Promise<void>][] = [
  ['build', PLAIN, (cluster) => cluster.ensureBuild(buildOf())],
  ['build-with-settings', FULL, (cluster) => cluster.ensureBuild(buildOf(PICKY, 'fedora-40-2026'))],
  ['job', PLAIN, (cluster) => cluster.ensureJob(jobOf(PLAIN.builder.repository))],
  [
    'job-with-settings',
    FULL,
    (cluster) => cluster.ensureJob(jobOf(FULL.builder.repository, PICKY, { batchSize: 1 })),
  ],
  [
    'job-with-common-files',
    PLAIN,
    (cluster) =>
      cluster.ensureJob(
        jobOf(PLAIN.builder.repository, undefined, { files: SHARED, batchSize: 1 }),
      ),
  ],
  [
    'job-without-hwinfo',
    PLAIN,
    (cluster) =>
      cluster.ensureJob(jobOf(PLAIN.builder.repository, undefined, { init: [], batchSize: 1 })),
  ],
  ['build-in-queue', QUEUED, (cluster) => cluster.ensureBuild(buildOf())],
  [
    'job-in-queue',
    QUEUED,
    (cluster) =>
      cluster.ensureJob(jobOf(PLAIN.builder.repository, undefined, { batchSize: 1, init: [] })),
  ],
  ['job-refused', PLAIN, (cluster) => cluster.ensureJob(jobOf('elsewhere.example.com/other'))],
];

describe('what is made in the cluster', () => {
  it.each(CASES)('%s', async (name, options, act) => {
    const file = path.join(GOLDEN, `${name}.json`);
    const seen = await made(options, act);
    if (process.env['UPDATE_GOLDEN'] === '1') {
      mkdirSync(GOLDEN, { recursive: true });
      writeFileSync(file, `${JSON.stringify(seen, undefined, 2)}\n`);
    }
    expect(seen).toEqual(JSON.parse(readFileSync(file, 'utf8')));
  });
});
