import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { jest } from '@jest/globals';
import {
  build,
  buildEnd,
  buildRequest,
  bytesOf,
  HOME_LINES,
  jobEnd,
  jobRequest,
  logOf,
  saysInLog,
} from '../../../contract/cluster/test-cluster.js';
import { requireTools } from '../../../require-tools.js';
import { waitUntil } from '../../../wait-until.js';
import { pidIn } from './agent-process.js';
import {
  containersOf,
  podman,
  startLocalCluster,
  type StartedCluster,
} from './start-local-cluster.js';

jest.setTimeout(900_000);

/** Says which attempt it is by a number that no other has. */
const SLOW_SCRIPT = 'cat /proc/sys/kernel/random/uuid; sleep 15; echo end';

requireTools(['podman'])('what is killed from outside', () => {
  let local: StartedCluster;
  let image: string;

  beforeAll(async () => {
    local = await startLocalCluster();
    image = (await build(local.cluster, buildRequest(local.baseImage, HOME_LINES))).image!;
  });
  afterAll(() => local.stop());

  function runFolder(job: string, attempt: number): string {
    return path.join(local.directory, 'cluster/jobs', job, 'runs/0', String(attempt));
  }

  function buildFolder(id: string, attempt: number): string {
    return path.join(local.directory, 'cluster/builds', id, 'attempts', String(attempt));
  }

  it('is run again where the process that watches over it was killed', async () => {
    const request = jobRequest(image, SLOW_SCRIPT);
    await local.cluster.ensureJob(request);
    await saysInLog(local.cluster, request.id, '-');
    const before = await logOf(local.cluster, request.id);
    process.kill(await pidIn(path.join(runFolder(request.id, 1), 'conmon')), 'SIGKILL');
    expect((await jobEnd(local.cluster, request.id)).runs[0]).toMatchObject({ exitCode: 0 });
    const log = await logOf(local.cluster, request.id);
    expect(log).toMatch(/^[0-9a-f-]{36}\nend\n$/);
    expect(log).not.toContain(before.trim());
  });

  it('is run again where its container was removed, and given up in the end', async () => {
    const request = jobRequest(image, 'echo begin; sleep 300');
    await local.cluster.ensureJob(request);
    for (const attempt of [1, 2, 3]) {
      const folder = runFolder(request.id, attempt);
      await waitUntil(
        async () => (await readFile(path.join(folder, 'log'), 'utf8').catch(() => '')) !== '',
      );
      await podman(
        'rm',
        '--force',
        '--time',
        '0',
        (await readFile(path.join(folder, 'cid'), 'utf8')).trim(),
      );
    }
    const [seen] = (await jobEnd(local.cluster, request.id)).runs;
    expect(seen).toMatchObject({ state: 'terminated', reason: 'Evicted' });
    expect(seen?.exitCode).toBeUndefined();
  });

  it('is built again where the engine was killed, without remains', async () => {
    const request = buildRequest(local.baseImage, [`RUN ${SLOW_SCRIPT}`]);
    await local.cluster.ensureBuild(request);
    await waitUntil(async () => (await buildLog(request.id)).includes('-4'));
    const shell = await pidIn(path.join(buildFolder(request.id, 1), 'pid'));
    process.kill(await childOf(shell), 'SIGKILL');
    expect(await buildEnd(local.cluster, request.id)).toMatchObject({ exitCode: 0 });
    expect((await buildLog(request.id)).match(/^[0-9a-f-]{36}$/gm)).toHaveLength(1);
    expect(await workingContainers()).toEqual([]);
  });

  it('is built again where the shell around the engine was killed', async () => {
    const request = buildRequest(local.baseImage, [`RUN ${SLOW_SCRIPT}`]);
    await local.cluster.ensureBuild(request);
    await waitUntil(async () => (await buildLog(request.id)).includes('-4'));
    process.kill(await pidIn(path.join(buildFolder(request.id, 1), 'pid')), 'SIGKILL');
    expect(await buildEnd(local.cluster, request.id)).toMatchObject({ exitCode: 0 });
    expect(await workingContainers()).toEqual([]);
  });

  it('leaves no process, container or cgroup of a build that was cancelled', async () => {
    const request = buildRequest(local.baseImage, ['RUN echo begin; sleep 321']);
    await local.cluster.ensureBuild(request);
    await waitUntil(async () => (await buildLog(request.id)).includes('begin\n'));
    await local.cluster.cancel({ kind: 'build', id: request.id });
    expect(await buildEnd(local.cluster, request.id)).toMatchObject({ reason: 'Cancelled' });
    expect(await workingContainers()).toEqual([]);
    expect(await cgroupsWith(request.id)).toEqual([]);
  });

  it('leaves no container once its runs have ended', async () => {
    await waitUntil(async () => (await containersOf(local.directory)).length === 0);
  });

  async function buildLog(id: string): Promise<string> {
    return (await bytesOf(local.cluster.logs({ build: id }))).toString();
  }

  /** podman's own containers for builds of this stack. */
  async function workingContainers(): Promise<string[]> {
    const root = (
      await podman('info', '--format', '{{.Store.GraphRoot}}/{{.Store.GraphDriverName}}-containers')
    )[0]!;
    const notes = await Promise.all(
      (await readdir(root)).map((id) =>
        readFile(path.join(root, id, 'userdata/buildah.json'), 'utf8').catch(() => ''),
      ),
    );
    return notes.filter((note) => note.includes(`/amun-${local.stack}-`));
  }

  async function cgroupsWith(id: string): Promise<string[]> {
    const entries = await readdir('/sys/fs/cgroup', { withFileTypes: true });
    const folders = entries
      .filter((entry) => entry.isDirectory())
      .map(({ name }) => `/sys/fs/cgroup/${name}`);
    const names = await Promise.all(
      // One that has gone meanwhile holds nothing.
      ['/sys/fs/cgroup', ...folders].map((folder) => readdir(folder).catch((): string[] => [])),
    );
    return names.flat().filter((name) => name.includes(id));
  }
});

/** A process's first child. There may be none any more, and 0 would be this test's whole group. */
async function childOf(pid: number): Promise<number> {
  const children = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8');
  const child = Number(children.split(' ')[0]);
  if (!(child > 1)) throw new Error(`Process ${pid} has no child to be killed.`);
  return child;
}
