import { ensureBusyboxBase } from '../base-image.js';
import { requireTools } from '../require-tools.js';
import { ask, ended, resultOf, submit } from './inspect.js';
import { readEvents } from './stack-events.js';
import { startStack, type Stack } from './start-stack.js';

const COUNT = 100;

requireTools(['podman', 'nats-server', 'busybox'])('a hundred scripts on one stack', () => {
  let stack: Stack;
  let base: string;

  beforeAll(async () => {
    base = await ensureBusyboxBase();
    stack = await startStack();
  }, 300_000);

  afterAll(() => stack.stop(), 240_000);

  it('is one build and a hundred right results', async () => {
    const numbers = Array.from({ length: COUNT }, (_, index) => index);
    const ids = await Promise.all(
      numbers.map((number) =>
        submit(stack, {
          base,
          files: [{ path: '/opt/stack', content: 'the same for all' }],
          script: `#!/bin/sh\necho '{"number": ${number}}'\n`,
          run: { requests: { cpu: '100m', memory: '32Mi' } },
        }),
      ),
    );
    const statuses = await Promise.all(ids.map((id) => ended(stack, id, 900_000, 2_000)));

    expect(statuses.filter(({ phase }) => phase !== 'succeeded')).toEqual([]);
    expect(new Set(statuses.map(({ build }) => build['id'])).size).toBe(1);
    const reports = await Promise.all(ids.map((id) => resultOf(stack, id)));
    expect(reports.map((report) => report['stdout'])).toEqual(
      numbers.map((number) => ({ number })),
    );
    const builds = (await readEvents(stack)).filter(({ type }) => type === 'amun.build.complete');
    expect(builds).toHaveLength(1);
  }, 1_200_000);

  it('lists them newest first, page by page', async () => {
    const pages = await Promise.all(
      [1, 2, 3].map((page) => ask(stack, `/inspect?page=${page}&limit=40`)),
    );
    const ids = pages.flatMap(({ body }) => body['inspections'] as string[]);
    expect(ids).toHaveLength(COUNT);
    expect(new Set(ids).size).toBe(COUNT);
    expect(pages[0]?.body).toMatchObject({ total: COUNT, parameters: { page: 1, limit: 40 } });
  });
});
