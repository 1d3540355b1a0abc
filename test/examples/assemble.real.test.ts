import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseAdviceLog } from '../../shared/advice/parse-advice-log.js';
import type { Engine } from '../../shared/cluster/local/engine/engine.js';
import { requireTools } from '../require-tools.js';
import {
  buildApplication,
  type BuiltApplication,
  removeImage,
  runApplication,
} from '../s2i/build-application.js';
import { ensureBuilderImage } from '../s2i/builder-image.js';
import { openEngine } from '../s2i/open-engine.js';
import { runExample } from '../s2i/run-example.js';
import { copyExample, recommend } from '../s2i/small-stack.js';
import { withThamos } from '../thoth/require-thamos.js';
import { type StartedStandIn, startStandIn } from '../thoth/start-stand-in.js';

const ROOT = process.cwd();
/** A builder image that has thamos already, so that not every build installs it. */
const CLIENT = '/opt/app-root/client/bin/thamos';
const INSTALL_CLIENT = `#!/bin/sh
set -eu
python3 -m venv /opt/app-root/client
/opt/app-root/client/bin/pip install --quiet thamos==1.29.1
cat "$SSL_CERT_FILE" >>"$(/opt/app-root/client/bin/python -m certifi)"
`;
const needed = ['podman', 'debootstrap', 'busybox', 'flock', 'openssl', 'python3'];

requireTools(needed, withThamos)('the s2i example, assembled in a container', () => {
  let folder: string;
  let engine: Engine;
  let builder: string;
  let started: StartedStandIn;
  const images: string[] = [];

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'amun-assemble-'));
    engine = await openEngine(folder);
    started = await startStandIn();
    const plain = await ensureBuilderImage(engine, join(ROOT, 'test/s2i/builder'));
    const source = join(folder, 'with-client');
    await mkdir(join(source, '.s2i/bin'), { recursive: true });
    await writeFile(join(source, '.s2i/bin/assemble'), INSTALL_CLIENT, { mode: 0o755 });
    const { certificate } = started;
    const made = await buildApplication({
      engine,
      builder: plain,
      source,
      environment: {},
      certificate,
    });
    if (made.code !== 0) throw new Error(made.log);
    images.push(made.image);
    builder = made.image;
  }, 900_000);

  afterAll(async () => {
    await started.stop();
    for (const image of images.reverse()) await removeImage(engine, image);
    await rm(folder, { recursive: true, force: true });
  }, 120_000);

  async function build(environment: Readonly<Record<string, string>>): Promise<BuiltApplication> {
    const source = await mkdtemp(join(folder, 'source-'));
    await copyExample(ROOT, source, false);
    const own = { THOTH_HOST: started.host, THOTH_CLIENT: CLIENT, ...environment };
    const { certificate } = started;
    const asked = { engine, builder, source, environment: own, certificate };
    const built = await buildApplication(asked);
    if (built.code === 0) images.push(built.image);
    return built;
  }

  /** The version of NumPy that the benchmark measures in an image. */
  async function measured(image: string): Promise<unknown> {
    const run = await runApplication(engine, image, {
      BENCHMARK_LIBRARY: 'numpy',
      BENCHMARK_SIZE: '8',
      BENCHMARK_REPEATS: '1',
    });
    if (run.code !== 0) throw new Error(run.log);
    return (JSON.parse(run.stdout) as { version?: unknown }).version;
  }

  it('installs what Thoth recommends, and measures it', async () => {
    const stack = await recommend(ROOT, false);
    started.thoth.answer = () => ({ kind: 'advice', stack });
    const { code, log, image } = await build({});
    expect(code === 0 ? 'went well' : log).toBe('went well');
    expect(parseAdviceLog(log)).toMatchObject({
      outcome: 'taken',
      changes: [{ package: 'numpy', from: '1.26.3', to: '1.26.4' }],
    });
    expect(await measured(image)).toBe('1.26.4');
  }, 400_000);

  it('goes on with the repository’s lock where Thoth fails and that is wanted', async () => {
    started.thoth.answer = () => ({ kind: 'failed', message: 'out of memory' });
    const switches = { THAMOS_FORCE: '1', THOTH_ERROR_FALLBACK: '1' };
    const { code, log, image } = await build(switches);
    expect(code === 0 ? 'went well' : log).toBe('went well');
    expect(parseAdviceLog(log)).toMatchObject({ outcome: 'fallback', reason: 'out of memory' });
    expect(await measured(image)).toBe('1.26.3');
  }, 400_000);

  it('ends the build where Thoth fails, before anything is installed', async () => {
    started.thoth.answer = () => ({ kind: 'unsolvable', message: 'no stack fits' });
    const { code, log } = await build({ THAMOS_FORCE: '1' });
    expect(code).not.toBe(0);
    expect(parseAdviceLog(log)).toMatchObject({
      outcome: 'failed',
      reason: 'no stack fits',
      code: 5,
    });
    expect(log).not.toContain('Collecting numpy');
  }, 400_000);

  // The Pipfile as it is: some 600 MB, so only where that is asked for.
  if (process.env['AMUN_TEST_LARGE'] !== '1') return;
  it('installs TensorFlow itself', async () => {
    let said = '';
    const say = (line: string): void => void (said += `${line}\n`);
    const code = await runExample({ root: ROOT, tensorflow: true, say, watch: {} });
    expect(code === 0 ? 'went well' : said).toBe('went well');
    expect(said).toContain('"library": "tensorflow"');
  }, 1_800_000);
});
