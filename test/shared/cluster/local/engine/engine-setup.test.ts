import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import {
  readProcessLimits,
  writeContainersConf,
} from '../../../../../shared/cluster/local/engine/containers-conf.js';
import { installCommand } from '../../../../../shared/cluster/local/engine/install-advice.js';
import { parsePodmanInfo } from '../../../../../shared/cluster/local/engine/podman-info.js';

describe('the engine’s setup', () => {
  let folder: string;

  beforeEach(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'amun-engine-'));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  it.each([
    ['ID=debian\nVERSION_ID="12"\n', 'apt-get install -y podman'],
    ['ID=linuxmint\nID_LIKE="ubuntu debian"\n', 'apt-get install -y podman'],
    ['ID="rocky"\nID_LIKE="rhel centos fedora"\n', 'dnf install -y podman'],
    ['ID=alpine\n', 'apk add podman'],
    ['ID="opensuse-leap"\nID_LIKE="suse opensuse"\n', 'zypper install -y podman'],
  ])('names the command that installs it: %j', async (osRelease, command) => {
    const file = path.join(folder, 'os-release');
    await writeFile(file, osRelease);
    expect((await installCommand(['podman'], file)).replace(/^sudo /, '')).toBe(command);
  });

  it('gives containers no higher limits than this process may', async () => {
    const file = path.join(folder, 'limits');
    const text = 'Max processes  1  3000  processes\nMax open files  1024  unlimited  files\n';
    await writeFile(file, text);
    const limits = await readProcessLimits(file);
    expect(limits.processes).toBe(3000);
    expect(limits.openFiles).toBeGreaterThan(1024);
    const conf = writeContainersConf({ runtime: 'crun', cgroupManager: 'cgroupfs', limits });
    expect(conf).toContain('"nproc=3000:3000"');
    expect(conf).toContain('runtime = "crun"');
    expect(conf).toContain('cgroup_manager = "cgroupfs"');
    expect(writeContainersConf({ limits })).not.toMatch(/runtime|cgroup_manager/);
  });

  it('reads of podman’s description what it knows, and lets the rest be', () => {
    const info = {
      host: { security: { rootless: true }, ociRuntime: { name: 'crun' } },
      registries: { search: ['docker.io'] },
      store: { graphRoot: '/store', graphDriverName: 'overlay', runRoot: '/run/user/1/containers' },
      version: { Version: '5.2.0' },
    };
    expect(parsePodmanInfo(JSON.stringify(info))).toEqual({
      version: '5.2.0',
      isRootless: true,
      runtime: 'crun',
      hasSlirp4netns: false,
      searchRegistries: ['docker.io'],
      graphRoot: '/store',
      graphDriver: 'overlay',
      runRoot: '/run/user/1/containers',
    });
    expect(parsePodmanInfo('{}')).toMatchObject({ version: '', searchRegistries: [] });
  });
});
