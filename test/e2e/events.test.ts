import { createBuildComplete, createJobComplete } from '../../shared/events/create-event.js';
import { ensureBusyboxBase } from '../base-image.js';
import { requireTools } from '../require-tools.js';
import { waitUntil } from '../wait-until.js';
import { ask, ended, statusOf, submit, succeeded, until } from './inspect.js';
import { publishRaw, readEvents } from './stack-events.js';
import { startStack, type Stack } from './start-stack.js';

requireTools(['podman', 'nats-server', 'busybox'])('events', () => {
  let stack: Stack;
  let base: string;

  beforeAll(async () => {
    base = await ensureBusyboxBase();
    stack = await startStack();
  }, 300_000);

  afterAll(() => stack.stop(), 240_000);

  const deliver = async (path: string, event: unknown): Promise<number> => {
    const response = await fetch(`${stack.url}/function/${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/cloudevents+json' },
      body: JSON.stringify(event),
    });
    return response.status;
  };

  it('that come twice, too early, out of order or forged end in the same record', async () => {
    const id = await submit(stack, { base, script: '#!/bin/sh\nsleep 20\necho done\n' });
    const build = String((await statusOf(stack, id)).build['id']);
    // Too early, and the job's end before the build's.
    expect(await deliver('on-job-complete', createJobComplete(id))).toBe(200);
    expect(await deliver('on-build-complete', createBuildComplete(build))).toBe(200);
    await until(stack, id, ({ phase }) => phase === 'running');
    expect(await deliver('on-job-complete', createJobComplete(id))).toBe(200);
    expect((await statusOf(stack, id)).phase).toBe('running');

    const before = await ended(stack, id);
    const late = [
      deliver('on-build-complete', createBuildComplete(build)),
      deliver('on-job-complete', createJobComplete(id)),
      deliver('on-job-complete', createJobComplete(id, { hint: 'again' })),
    ];
    expect(await Promise.all(late)).toEqual([200, 200, 200]);
    expect(await statusOf(stack, id)).toEqual(before);
    const ends = (await readEvents(stack)).filter(
      ({ type, subject }) => type === 'amun.inspection.complete' && subject === id,
    );
    expect(ends).toHaveLength(1);
  }, 400_000);

  it('tell how far an inspection has come', async () => {
    const script = '#!/bin/sh\nsleep 3\n';
    const id = await submit(stack, { base, script, batch_size: 4 });
    await succeeded(stack, id);
    const progress = (await readEvents(stack)).filter(
      ({ type, subject }) => type === 'amun.inspection.progress' && subject === id,
    );
    expect(progress.length).toBeGreaterThan(0);
    expect(progress.length).toBeLessThanOrEqual(5);
  }, 400_000);

  it('about what does not exist create nothing', async () => {
    const id = 'inspection-00000000000000ff';
    const build = `build-${'f'.repeat(32)}-1`;
    expect(await deliver('on-job-complete', createJobComplete(id))).toBe(200);
    expect(await deliver('on-build-complete', createBuildComplete(build))).toBe(200);
    expect((await ask(stack, `/inspect/${id}/status`)).status).toBe(404);
  });

  it('that are nonsense go to the dead letters, and the next ones are delivered', async () => {
    await publishRaw(stack, 'amun.job.complete', 'no event at all');
    await publishRaw(stack, 'amun.build.complete', '{"specversion":"1.0"}');
    const id = await submit(stack, { base, script: 'echo on it goes' });
    await succeeded(stack, id);
    let dead: unknown[] = [];
    await waitUntil(async () => {
      dead = (await readEvents(stack)).filter(({ type }) => type === 'amun.dead-letter');
      return dead.length >= 2;
    });
    expect(dead).toHaveLength(2);
  }, 400_000);
});
