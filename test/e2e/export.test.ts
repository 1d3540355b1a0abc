import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { ensureBusyboxBase } from '../base-image.js';
import { requireMoto, s3Settings, startMotoServer, type MotoServer } from '../moto-server.js';
import { requireTools } from '../require-tools.js';
import { startS3Front, type Fault, type S3Front } from '../s3-front.js';
import { waitUntil } from '../wait-until.js';
import { ended, submit, until } from './inspect.js';
import { countInFlight, readEvents } from './stack-events.js';
import { startStack, type Stack } from './start-stack.js';

const PREFIX = 'data/test/inspections';
const CLI = join(process.cwd(), 'dist/cli/amun.js');
const run = promisify(execFile);

requireMoto(requireTools(['podman', 'nats-server', 'busybox']))('the export to S3', () => {
  let base: string;
  let moto: MotoServer;
  let front: S3Front;
  let stack: Stack;
  beforeAll(async () => {
    base = await ensureBusyboxBase();
    moto = await startMotoServer();
    front = await startS3Front(moto.port);
    stack = await startStack(s3Settings(front.url, PREFIX));
  }, 300_000);
  afterAll(async () => {
    await stack.stop();
    await front.close();
    await moto.stop();
  }, 240_000);
  afterEach(async () => {
    front.fault = () => undefined;
    await front.comeBack();
  });

  const specification = (fields: object) => ({
    base,
    script: '#!/bin/sh\necho "{\\"n\\": 1}"\necho warned >&2\n',
    ...fields,
  });
  const stored = (id: string) => until(stack, id, ({ status }) => isStored(status), 240_000);
  const puts = (id: string) =>
    front.calls.filter(({ method, path }) => method === 'PUT' && path.includes(id));
  const endsOf = async (id: string) =>
    (await readEvents(stack)).filter(
      ({ type, subject }) => type === 'amun.inspection.complete' && subject === id,
    );
  async function objectsOf(id: string): Promise<Map<string, string>> {
    const found = [...(await moto.objects())].filter(([key]) => key.startsWith(`${PREFIX}/${id}/`));
    return new Map(found.map(([key, body]) => [key.slice(PREFIX.length + 1), body]));
  }
  /** What `amun export` writes of it. */
  async function exported(id: string): Promise<Map<string, string>> {
    const folder = await mkdtemp(join(tmpdir(), 'amun-export-e2e-'));
    try {
      await run(process.execPath, [CLI, 'export', id, folder, '--url', stack.url]);
      const found = await readdir(folder, { recursive: true, withFileTypes: true });
      const files = found.filter((entry) => entry.isFile());
      const texts = files.map(async ({ parentPath, name }) => {
        const file = join(parentPath, name);
        return [file.slice(folder.length + 1), await readFile(file, 'utf8')] as const;
      });
      return new Map(await Promise.all(texts));
    } finally {
      await rm(folder, { recursive: true });
    }
  }
  /** Everything is there, the same as by the other exit, and the end was told of once, after that. */
  async function expectExported(id: string, runs: number): Promise<void> {
    await stored(id);
    const objects = await objectsOf(id);
    expect(objects.size).toBe(3 * runs + 3);
    expect([...objects].sort()).toEqual([...(await exported(id))].sort());
    await waitUntil(async () => (await endsOf(id)).length > 0);
    expect(await endsOf(id)).toHaveLength(1);
  }

  it('has everything, written once, before the end is told of', async () => {
    let toldBefore = 0;
    // Each write waits until it is known whether the end was told of already.
    front.fault = async ({ method, path }) => {
      const id = path.split('/').find((part) => part.includes('export-plain'));
      if (method === 'PUT' && id !== undefined) toldBefore += (await endsOf(id)).length;
      return undefined;
    };
    const id = await submit(stack, specification({ identifier: 'export-plain', batch_size: 3 }));
    await expectExported(id, 3);
    expect(new Set(puts(id).map(({ path }) => path)).size).toBe(puts(id).length);
    expect(toldBefore).toBe(0);
  }, 240_000);

  it.each<[string, () => Fault | undefined]>([
    ['refuses for a while', times(4, { status: 403, code: 'AccessDenied' })],
    ['fails in the middle', after(4, 20, { status: 500, code: 'InternalError' })],
    ['breaks off in the middle', after(4, 20, 'cut after')],
    ['is slow', () => ({ delayMs: 700 })],
  ])(
    'has everything in the end where the store %s',
    async (_, fault) => {
      front.fault = ({ method }) => (method === 'PUT' ? fault() : undefined);
      const id = await submit(stack, specification({ batch_size: 2 }));
      await expectExported(id, 2);
    },
    300_000,
  );

  it('ends, and others too, while the store is away; what it waits for comes after', async () => {
    await front.leave();
    const ids = [
      await submit(stack, specification({ batch_size: 2 })),
      await submit(stack, specification({ script: '#!/bin/sh\nexit 1\n' })),
    ];
    for (const id of ids) expect(isStored((await ended(stack, id))['status'])).toBe(false);
    for (const id of ids) expect(await endsOf(id)).toEqual([]);
    await front.comeBack();
    await expectExported(ids[0]!, 2);
    await expectExported(ids[1]!, 1);
  }, 300_000);

  it('has everything in the end where its function is killed in the middle', async () => {
    let held = 0;
    front.fault = ({ method }) => (method === 'PUT' && (held += 1) > 4 ? 'silence' : undefined);
    const id = await submit(stack, specification({ batch_size: 3 }));
    await waitUntil(() => held > 4, 120_000);
    process.kill(stack.find('functions/on-job-complete/').pid, 'SIGKILL');
    front.fault = () => undefined;
    await expectExported(id, 3);
  }, 300_000);

  it('left nothing in flight, and nothing undelivered', async () => {
    await waitUntil(async () => (await countInFlight(stack)) === 0, 120_000);
    const events = await readEvents(stack);
    expect(events.filter(({ type }) => type === 'amun.dead-letter')).toEqual([]);
  }, 180_000);
});

function isStored(status: unknown): boolean {
  return (status as { readonly data_stored?: unknown }).data_stored === true;
}

function times(count: number, fault: Fault): () => Fault | undefined {
  return after(0, count, fault);
}

/** The fault for some calls after the first ones. */
function after(first: number, last: number, fault: Fault): () => Fault | undefined {
  let call = 0;
  return () => {
    call += 1;
    return call > first && call <= last ? fault : undefined;
  };
}
