import { copyFile, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { HELLO, ID, scriptInspection } from '../cli/scripted-inspection.js';
import { startScriptedService, type ScriptedService } from '../cli/scripted-service.js';

const ROOT = process.cwd();
const TSC = join(ROOT, 'node_modules/typescript/bin/tsc');

/**
 * As somebody else would write it. What must not compile is marked @ts-expect-error, which is itself
 * an error where it does: those lines are the checks, and switch none off.
 */
const CONSUMER = `
import { createAmunClient, type InspectionEvent, type Schemas, type Specification } from 'amun/client';

const specification: Specification = {
  base: 'debian:12-slim',
  script: 'true',
  build: { requests: { cpu: '1' } },
};
// @ts-expect-error There is no inspection without a base.
export const baseless: Specification = { script: 'true' };

const amun = createAmunClient(process.argv[2] ?? '');
const { inspection_id: id } = await amun.submit(specification, { idempotencyKey: 'once' });
const output: string[] = [];
const handle = (event: InspectionEvent): void => {
  if (event.event === 'output') output.push(event.text);
  // @ts-expect-error Only output has a stream.
  else console.error(event.stream);
};
for await (const event of amun.follow(id)) if (event.event === 'output') handle(event);
const { phase } = await amun.waitForEnd(id);
const answered: Schemas['Version'] = await amun.call('getVersion', {});
// @ts-expect-error An id is needed.
export const unnamed = (): unknown => amun.call('getStatus', { path: {} });
console.log(JSON.stringify({ id, output: output.join(''), phase, version: answered.version }));
`;

const CONFIGURATION = {
  compilerOptions: {
    strict: true,
    exactOptionalPropertyTypes: true,
    skipLibCheck: false,
    target: 'ES2022',
    module: 'NodeNext',
    types: ['node'],
    typeRoots: [join(ROOT, 'node_modules/@types')],
  },
  files: ['consumer.ts'],
};

describe('the package amun/client', () => {
  let folder: string;
  let service: ScriptedService;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'amun-client-'));
    const installed = join(folder, 'node_modules/amun');
    const built = join(installed, 'dist/client');
    await mkdir(built, { recursive: true });
    await copyFile(join(ROOT, 'package.json'), join(installed, 'package.json'));
    await execa(process.execPath, [join(ROOT, 'scripts/build-client.js'), built]);
    await writeFile(join(folder, 'package.json'), '{ "type": "module" }');
    await writeFile(join(folder, 'consumer.ts'), CONSUMER);
    await writeFile(join(folder, 'tsconfig.json'), JSON.stringify(CONFIGURATION));
    const script = scriptInspection(HELLO);
    service = await startScriptedService((asked) => {
      if (asked.path === '/version')
        return { body: { version: '1.2.3', service_version: '1.2.3' } };
      if (asked.path.endsWith('/batch-size')) return { body: { batch_size: 1 } };
      return script(asked);
    });
  });
  afterAll(async () => {
    await service.kill();
    await rm(folder, { recursive: true, force: true });
  });

  it('compiles strictly for its users, and works', async () => {
    const compiled = await execa(process.execPath, [TSC], { cwd: folder, reject: false });
    expect(compiled.stdout).toBe('');
    const { stdout } = await execa(process.execPath, ['consumer.js', service.url], { cwd: folder });
    expect(JSON.parse(stdout)).toEqual({
      id: ID,
      output: '{"hello": "world"}\nabout to say hello\n',
      phase: 'succeeded',
      version: '1.2.3',
    });
    const submitted = service.asked.find(({ method }) => method === 'POST');
    expect(submitted?.headers['idempotency-key']).toBe('once');
    expect(submitted?.body).toMatchObject({ base: 'debian:12-slim', script: 'true' });
  });
});
