import { createServer } from 'node:http';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { checkBaseImages } from '../../../cli/doctor/check-base-images.js';
import { checkContainerEngine } from '../../../cli/doctor/check-container-engine.js';
import { checkDisk } from '../../../cli/doctor/check-disk.js';
import { checkNats } from '../../../cli/doctor/check-nats.js';
import { checkNode } from '../../../cli/doctor/check-node.js';
import { checkPort } from '../../../cli/doctor/check-port.js';
import { checkPrograms } from '../../../cli/doctor/check-programs.js';
import type { Machine } from '../../../cli/doctor/finding.js';
import { installHere, packagesFor } from '../../../cli/doctor/packages.js';
import { FUNCTIONS, SERVICES } from '../../../cli/up/plan-stack.js';
import { findFreePorts } from '../../../cli/up/free-ports.js';
import { runCli } from '../run-cli.js';

const LOCAL = { engine: undefined, cpus: undefined, memory: undefined, network: undefined };

let folder: string;
let machine: Machine;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'amun-doctor-'));
  await mkdir(join(folder, 'bin'));
  machine = {
    path: join(folder, 'bin'),
    systemFolders: [],
    osRelease: join(folder, 'os-release'),
    platform: 'linux',
    nodeVersion: '20.1.0',
    directory: join(folder, 'state'),
    port: 1,
    programs: join(folder, 'dist'),
  };
  await system('debian');
});

afterEach(() => rm(folder, { recursive: true, force: true }));

async function system(id: string, like = ''): Promise<void> {
  await writeFile(machine.osRelease, `NAME="X"\nID=${id}\nID_LIKE="${like}"\n`);
}

async function program(name: string, script: string): Promise<void> {
  await writeFile(join(folder, 'bin', name), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
}

describe('checkNode', () => {
  it.each([
    ['18.20.1', false],
    ['20.0.0', true],
    ['24.1.0', true],
  ])('%s: %p', (nodeVersion, ok) => {
    expect(checkNode({ ...machine, nodeVersion }).ok).toBe(ok);
  });
});

describe('checkNats', () => {
  it('gives the command where there is none', async () => {
    const found = await checkNats(machine);
    expect(found).toMatchObject({ ok: false, needed: true, packages: ['nats-server'] });
    expect(found.remedy).toMatch(/^(sudo )?apt-get install -y nats-server$/);
  });

  it.each([
    ['v2.9.10', true],
    ['v2.10.0-beta', true],
    ['v3.0.0', true],
    ['v2.8.4', false],
    ['v1.4.1', false],
  ])('judges version %s', async (version, ok) => {
    await program('nats-server', `echo "nats-server: ${version}"`);
    expect(await checkNats(machine)).toMatchObject({ ok });
  });

  it('tells of one that does not run', async () => {
    await program('nats-server', 'exit 3');
    expect(await checkNats(machine)).toMatchObject({ ok: false });
  });

  it('names the releases where the system has no package', async () => {
    await system('rocky', 'rhel centos fedora');
    const found = await checkNats(machine);
    expect(found.packages).toBeUndefined();
    expect(found.remedy).toContain('nats-server/releases');
  });
});

describe('checkContainerEngine', () => {
  it('gives the command where there is none', async () => {
    const found = await checkContainerEngine(machine, LOCAL);
    expect(found).toMatchObject({ ok: false, needed: true });
    expect(found.packages).toContain('podman');
    expect(found.packages).toContain('uidmap');
  });
});

describe('installHere', () => {
  it.each([
    ['debian', '', 'apt-get install -y'],
    ['linuxmint', 'ubuntu', 'apt-get install -y'],
    ['fedora', '', 'dnf install -y'],
    ['alpine', '', 'apk add'],
  ])('knows %s', async (id, like, command) => {
    await system(id, like);
    const packages = await packagesFor('debootstrap', machine);
    expect((await installHere(packages, machine)).replace('sudo ', '')).toBe(
      `${command} debootstrap`,
    );
  });

  it('knows macOS', async () => {
    const mac = { ...machine, platform: 'darwin' as const };
    expect(await installHere(['podman'], mac)).toBe('brew install podman');
  });
});

describe('checkBaseImages', () => {
  it('is content with a registry that answers', async () => {
    expect(await checkBaseImages(machine, () => Promise.resolve(true))).toMatchObject({ ok: true });
  });

  it('offers debootstrap, then what it makes, where none does', async () => {
    const away = (): Promise<boolean> => Promise.resolve(false);
    const without = await checkBaseImages(machine, away);
    expect(without).toMatchObject({ ok: false, needed: false, packages: ['debootstrap'] });
    await program('debootstrap', '');
    const found = await checkBaseImages(machine, away);
    expect(found.packages).toBeUndefined();
    expect(found.remedy).toContain('scripts/make-base-image.js');
  });
});

describe('checkDisk', () => {
  it('looks where the folder will be', async () => {
    const { detail } = await checkDisk(machine);
    expect(detail).toMatch(new RegExp(`GiB free where ${folder} lies$`));
  });
});

describe('checkPort', () => {
  it('tells a free one from one that is taken', async () => {
    const [port = 0] = await findFreePorts(1);
    expect(await checkPort({ ...machine, port })).toMatchObject({ ok: true });
    const server = createServer().listen(port, '127.0.0.1');
    await once(server, 'listening');
    const found = await checkPort({ ...machine, port });
    server.close();
    expect(found).toMatchObject({ ok: false, needed: true });
    expect(found.remedy).toContain('--port');
  });
});

describe('checkPrograms', () => {
  const built = [
    'package.json',
    ...FUNCTIONS.map((name) => `functions/${name}/handler.js`),
    ...[...SERVICES, 'function-host'].map((name) => `services/${name}.js`),
  ];

  beforeEach(async () => {
    for (const file of built) {
      const place = join(machine.programs, file);
      await mkdir(dirname(place), { recursive: true });
      await writeFile(place, '');
    }
  });

  it('is content with a build, and with one without sources beside it', () => {
    expect(checkPrograms(machine)).toMatchObject({ ok: true });
  });

  it('names what is missing', async () => {
    await rm(join(machine.programs, 'services/gateway.js'));
    const found = checkPrograms(machine);
    expect(found).toMatchObject({ ok: false, needed: true, remedy: 'npm run build' });
    expect(found.detail).toContain('services/gateway.js');
  });

  it('tells sources that are newer, but not what the build makes itself', async () => {
    const later = new Date(Date.now() + 60_000);
    const made = join(folder, 'shared', 'generated');
    await mkdir(made, { recursive: true });
    await writeFile(join(made, 'x.ts'), '');
    await utimes(join(made, 'x.ts'), later, later);
    expect(checkPrograms(machine).ok).toBe(true);
    await writeFile(join(folder, 'shared', 'y.ts'), '');
    await utimes(join(folder, 'shared', 'y.ts'), later, later);
    expect(checkPrograms(machine)).toMatchObject({ ok: false, needed: false });
  });
});

describe('amun doctor', () => {
  it('ends with 1 where something needed is missing, and gives one command', async () => {
    // No test speaks to a real registry: the proxy on the way there is not there.
    const before = process.env['HTTPS_PROXY'];
    process.env['HTTPS_PROXY'] = 'http://127.0.0.1:9';
    const words = ['doctor', '--json', '--dir', machine.directory, '--port', '9'];
    const { exitCode, stdout } = await runCli(words, {
      environment: { PATH: machine.path },
      programs: machine.programs,
    });
    if (before === undefined) delete process.env['HTTPS_PROXY'];
    else process.env['HTTPS_PROXY'] = before;
    const { ready, checks } = JSON.parse(stdout) as {
      ready: boolean;
      checks: { name: string; ok: boolean }[];
    };
    expect([exitCode, ready]).toEqual([1, false]);
    expect(checks.map(({ name }) => name)).toEqual([
      ...['node', 'programs', 'nats-server', 'container engine', 'base images', 'disk', 'port'],
    ]);
    expect(checks.find(({ name }) => name === 'programs')?.ok).toBe(false);
  });
});
