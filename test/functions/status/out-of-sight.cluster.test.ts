import { jest } from '@jest/globals';
import { observe } from '../../../functions/status/observe.js';
import { requireRealkube } from '../../realkube.js';
import { useApiServer } from '../../shared/cluster/kubernetes/api/use-api-server.js';
import { FOREVER, letEnd } from '../../shared/cluster/kubernetes/endless-pods.js';
import { listPods } from '../../shared/cluster/kubernetes/list-pods.js';
import {
  playStack,
  simulated,
  type PlayedStack,
} from '../../shared/cluster/kubernetes/played-stack.js';
import { waitUntil } from '../../wait-until.js';

jest.setTimeout(600_000);

requireRealkube()('the status while the API server', () => {
  const kubernetes = useApiServer({ fakeNodes: 1 });
  let stack: PlayedStack;

  afterEach(() => stack.stop());

  it('is away is what was known before, and goes on when it is back', async () => {
    const { api, realkube } = kubernetes;
    stack = playStack(api, simulated('default', FOREVER));
    const id = await stack.submit({ batch_size: 2 });
    const seen = async () => observe(stack.ports, await stack.record(id));
    await waitUntil(async () => (await seen()).job?.state === 'running');
    await waitUntil(async () => (await stack.record(id)).phase === 'running');

    await realkube.kill('apiserver');
    const known = await seen();
    expect(known).toMatchObject({ phase: 'running', build: { exitCode: 0 }, job: { runs: [] } });
    expect(known.outOfSight).toMatch(/does not answer at the moment/);
    await realkube.restart('apiserver');
    for (const { metadata } of await listPods(api, 'default', id)) {
      await letEnd(api, 'default', metadata.name);
    }

    expect(await stack.ended(id)).toMatchObject({ phase: 'succeeded' });
    expect((await seen()).outOfSight).toBeUndefined();
  });
});
