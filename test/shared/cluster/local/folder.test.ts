import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createLocalCluster } from '../../../../shared/cluster/local/create-local-cluster.js';
import { layoutOf } from '../../../../shared/cluster/local/layout.js';
import type { Cluster, JobRequest } from '../../../../shared/cluster/port.js';

const REQUESTS = { cpu: '1', memory: '64Mi', hardware: {} };

function job(files: JobRequest['files']): JobRequest {
  return {
    id: 'job-1',
    image: 'sha256:1',
    batchSize: 3,
    files,
    init: [],
    command: ['true'],
    environment: [],
    requests: REQUESTS,
    timeoutSeconds: 1,
  };
}

describe('the local cluster’s folder, while no agent looks', () => {
  let directory: string;
  let cluster: Cluster;

  beforeEach(async () => {
    directory = await mkdtemp(path.join(tmpdir(), 'amun-folder-'));
    cluster = createLocalCluster({ directory });
  });
  afterEach(() => rm(directory, { recursive: true, force: true }));

  const inside = (...names: string[]): string => path.join(directory, 'cluster', ...names);

  it('keeps requests whole, with the modes asked for', async () => {
    await cluster.ensureJob(job([{ path: '/amun/x.sh', content: '#!/bin/sh\n', mode: 0o755 }]));
    expect(await readdir(inside('jobs'))).toEqual(['job-1']);
    const file = inside('jobs/job-1/files/0');
    expect(await readFile(file, 'utf8')).toBe('#!/bin/sh\n');
    expect((await stat(file)).mode & 0o777).toBe(0o755);
    const observation = await cluster.observeJob('job-1');
    expect(observation).toEqual({
      state: 'waiting',
      runs: [0, 1, 2].map((item) => ({ item, state: 'waiting' })),
    });
  });

  it('takes of many equal requests at once the first', async () => {
    const requests = ['one', 'two', 'three'].map((content) =>
      job([{ path: '/amun/x.sh', content, mode: 0o644 }]),
    );
    await Promise.all(requests.map((request) => cluster.ensureJob(request)));
    expect(await readdir(inside('jobs'))).toEqual(['job-1']);
    await cluster.ensureJob(job([]));
    expect(await readdir(inside('jobs/job-1/files'))).toEqual(['0']);
  });

  it.each(['relative', '/a:b', '/a,b', '/a\nb'])(
    'refuses to mount a file at %j',
    async (target) => {
      const request = job([{ path: target, content: '', mode: 0o644 }]);
      await expect(cluster.ensureJob(request)).rejects.toMatchObject({ code: 'InvalidRequest' });
      expect(await cluster.observeJob('job-1')).toBeUndefined();
      expect(await readdir(inside('jobs'))).toEqual([]);
    },
  );

  it('refuses a build context that leads out of itself', async () => {
    const files = [{ path: '../../outside', content: '', mode: 0o644 }];
    const request = { id: 'build-1', context: { files }, requests: REQUESTS, timeoutSeconds: 1 };
    await expect(cluster.ensureBuild(request)).rejects.toMatchObject({ code: 'InvalidRequest' });
    expect(await readdir(inside('builds'))).toEqual([]);
  });

  it.each(['', '..', 'a/b', 'A', 'x'.repeat(64), '-a'])(
    'knows nothing under the id %j',
    async (id) => {
      expect(await cluster.observeBuild(id)).toBeUndefined();
      expect(await cluster.observeJob(id)).toBeUndefined();
      await cluster.cancel({ kind: 'job', id });
      await cluster.collected({ kind: 'build', id });
      expect(await readdir(directory)).toEqual([]);
    },
  );

  it('says what to do where it cannot write', async () => {
    const file = path.join(directory, 'a-file');
    await writeFile(file, '');
    const blocked = createLocalCluster({ directory: file });
    await expect(blocked.ensureJob(job([]))).rejects.toMatchObject({ code: 'Unavailable' });
  });

  it('lies where engines can mount it', () => {
    expect(() => layoutOf('/srv/a:b')).toThrow('choose another directory');
    expect(layoutOf('/srv/a').stack).not.toBe(layoutOf('/srv/b').stack);
  });
});
