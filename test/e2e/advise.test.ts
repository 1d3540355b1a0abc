import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { parseYaml } from '../../shared/inspection/parse-yaml.js';
import type { JsonObject } from '../../shared/inspection/specification.js';
import { ensureDebianBase } from '../base-image.js';
import { requireTools } from '../require-tools.js';
import { operatorAuthorities } from '../s2i/operator.js';
import { withThamos } from '../thoth/require-thamos.js';
import { type StartedStandIn, startStandIn } from '../thoth/start-stand-in.js';
import { ask, statusOf } from './inspect.js';
import { startStack, type Stack } from './start-stack.js';

/** The client has some seventy packages, and the machine may be busy. */
const MATRIX_MS = 1_200_000;
const EXAMPLE = 'examples/advised-matrix.yaml';
const SIX_1_17 = '4721f391ed90541fddacab5acf947aa0d3dc7d27b2e1e8eda2be8970586c3274';

interface Matrix {
  readonly matrix_id: string;
  readonly table: { readonly rows: { readonly name: string; readonly inspection_id: string }[] };
}

const { specification } = parseYaml(await readFile(EXAMPLE, 'utf8')) as {
  readonly specification: { readonly python: Record<string, JsonObject> };
};

requireTools(['podman', 'nats-server', 'debootstrap', 'openssl'], withThamos)(EXAMPLE, () => {
  let folder: string;
  let standIn: StartedStandIn;
  let stack: Stack;
  let matrix: Matrix;

  const cli = async (...words: string[]): Promise<string> => {
    const environment = { env: { AMUN_URL: stack.url } };
    const { stdout } = await execa('node', ['dist/cli/amun.js', ...words], environment);
    return stdout;
  };

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'amun-advised-'));
    const authorities = join(folder, 'authorities.pem');
    standIn = await startStandIn();
    await writeFile(authorities, `${operatorAuthorities()}\n${standIn.certificate}`);
    const { requirements = {}, requirements_locked = {} } = specification.python;
    const six = { version: '==1.17.0', hashes: [`sha256:${SIX_1_17}`] };
    standIn.thoth.answer = () => ({
      kind: 'advice',
      stack: {
        requirements,
        requirementsLocked: { ...requirements_locked, default: { six }, develop: {} },
        score: 0.5,
        justification: [{ type: 'INFO', message: 'newer', link: 'https://thoth.example/newer' }],
      },
    });
    stack = await startStack({
      AMUN_THOTH_HOST: standIn.host,
      AMUN_CA_BUNDLE: authorities,
      // The stand-in listens on the loopback interface of this machine.
      AMUN_NETWORK: 'host',
      NO_PROXY: [process.env['NO_PROXY'], '127.0.0.1'].filter(Boolean).join(','),
    });
    const base = await ensureDebianBase();
    const words = ['dist/cli/amun.js', 'matrix', EXAMPLE, '--base', base, '--json'];
    const options = { env: { AMUN_URL: stack.url }, reject: false };
    matrix = JSON.parse((await execa('node', words, options)).stdout) as Matrix;
    for (const { inspection_id } of matrix.table.rows) {
      expect(await statusOf(stack, inspection_id)).toMatchObject({ message: null });
    }
  }, MATRIX_MS);

  afterAll(async () => {
    await stack.stop();
    await standIn.stop();
    await rm(folder, { recursive: true, force: true });
  }, 240_000);

  it("runs each lock's stack, and compares them", async () => {
    expect(matrix.table.rows).toMatchObject([
      { name: "repository's lock", phase: 'succeeded', outcomes: { succeeded: 5 } },
      { name: "Thoth's lock", phase: 'succeeded', outcomes: { succeeded: 5 } },
    ]);
    const printed = await Promise.all(
      matrix.table.rows.map(async ({ inspection_id }) => {
        const { body } = await ask(stack, `/inspect/${inspection_id}/job/0/result`);
        return (body['result'] as { stdout: { six: string } }).stdout.six;
      }),
    );
    expect(printed).toEqual(['1.16.0', '1.17.0']);
    const text = await cli('compare', matrix.matrix_id);
    expect(text).toMatch(/^\/?milliseconds +repository's lock +5 .*\n +Thoth's lock +5 /m);
  });

  it('asks once, and keeps what Thoth said with the inspection', async () => {
    expect(standIn.thoth.asked()).toHaveLength(1);
    const [own, advised] = matrix.table.rows.map(({ inspection_id }) => inspection_id);
    const { status, body } = await ask(stack, `/inspect/${String(advised)}/advice`);
    expect(status).toBe(200);
    expect(body).toMatchObject({
      state: 'taken',
      changes: [{ package: 'six', from: '1.16.0', to: '1.17.0' }],
      justification: [{ message: 'newer' }],
    });
    expect((await ask(stack, `/inspect/${String(own)}/advice`)).status).toBe(404);
    expect(await cli('status', String(advised))).toContain('one version is another');
    const told = await cli('advice', String(advised));
    expect(told).toMatch(/^six +1\.16\.0 +1\.17\.0$/m);
    expect(told).toContain('newer https://thoth.example/newer');
    const lock = JSON.parse(await cli('advice', String(advised), '--lock')) as JsonObject;
    expect(lock['default']).toMatchObject({ six: { version: '==1.17.0' } });
  });
});
