import { randomBytes } from 'node:crypto';
import { cp, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { execa } from 'execa';
import type { Engine } from '../../shared/cluster/local/engine/engine.js';
import { ensureDebianBase } from '../base-image.js';
import { requireTools } from '../require-tools.js';
import { call, openEngine } from '../s2i/open-engine.js';
import { operatorAuthorities } from '../s2i/operator.js';

const BUILD_MS = 600_000;
const PROGRAMS = ['gateway.js', 'watcher.js', 'connector.js', 'function-host.js'];

requireTools(['podman', 'debootstrap', 'npm'])('deploy/Dockerfile', () => {
  const run = randomBytes(4).toString('hex');
  const node = `localhost/amun-test-node:${run}`;
  const image = `localhost/amun-test-services:${run}`;
  let folder: string;
  let engine: Engine;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'amun-dockerfile-'));
    engine = await openEngine(join(folder, 'engine'));
    await makeNodeImage();
  }, BUILD_MS);

  afterAll(async () => {
    await call(engine, ['rmi', '--force', image, node]);
    await rm(folder, { recursive: true, force: true });
  }, 60_000);

  /** This machine's own node and npm on Debian, in the place of both images from registries. */
  async function makeNodeImage(): Promise<void> {
    const context = join(folder, 'node');
    const { stdout: npm } = await execa('sh', ['-c', 'command -v npm']);
    await cp(await realpath(process.execPath), join(context, 'node'));
    await cp(join(dirname(await realpath(npm)), '..'), join(context, 'npm'), { recursive: true });
    await writeFile(join(context, 'authorities.pem'), operatorAuthorities());
    const lines = [
      `FROM ${await ensureDebianBase()}`,
      'COPY authorities.pem /authorities.pem',
      'ENV NODE_EXTRA_CA_CERTS=/authorities.pem',
      'COPY node /usr/local/bin/node',
      'COPY npm /usr/local/lib/node_modules/npm',
      'RUN ln -s ../lib/node_modules/npm/bin/npm-cli.js /usr/local/bin/npm && node --version',
    ];
    await writeFile(join(context, 'Containerfile'), lines.join('\n'));
    await build(node, [join(context, 'Containerfile'), context]);
  }

  async function build(tag: string, words: readonly string[]): Promise<void> {
    const args = ['build', ...engine.buildArguments, '--tag', tag, '--file', ...words];
    const { code, log } = await call(engine, args);
    if (code !== 0) throw new Error(log);
  }

  it(
    'builds from what the context lets through, and runs without being root',
    async () => {
      const bases = [`BUILD_IMAGE=${node}`, `RUN_IMAGE=${node}`];
      const given = bases.flatMap((base) => ['--build-arg', base]);
      await build(image, ['deploy/Dockerfile', ...given, '.']);
      const script = `const fs = require('node:fs');
        console.log(JSON.stringify([process.getuid(), fs.readdirSync('dist/services'),
          fs.readdirSync('dist/functions'), fs.readdirSync('.')]));`;
      const { code, stdout } = await call(engine, [
        ...['run', '--rm', '--network=none', image, '--eval', script],
      ]);
      expect(code).toBe(0);
      const [user, services, functions, app] = JSON.parse(stdout) as [number, ...string[][]];
      expect(user).toBe(65532);
      expect(services).toEqual(expect.arrayContaining(PROGRAMS));
      expect(functions).toEqual(['on-build-complete', 'on-job-complete', 'status', 'submit']);
      expect(app?.sort()).toEqual(['dist', 'stack.yml']);
      // A program of it starts: it finds all that it imports, and says what it lacks.
      const gateway = await call(engine, [
        ...['run', '--rm', '--network=none', '--env', 'AMUN_PORT=none', image],
        '/app/dist/services/gateway.js',
      ]);
      expect(gateway.code).not.toBe(0);
      expect(gateway.log).toContain('AMUN_PORT');
    },
    BUILD_MS,
  );
});
