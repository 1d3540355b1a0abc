import { createKubernetesCluster } from '../../../../shared/cluster/kubernetes/create-kubernetes-cluster.js';
import type { Cluster } from '../../../../shared/cluster/port.js';
import { AmunError } from '../../../../shared/errors/amun-error.js';
import { createFakeApiServer, type FakeApiServer } from './fake-api-server.js';
import { PLAIN } from './kubernetes-options.js';
import { jobOf } from './manifests/requests.js';
import { main, running, terminated } from './objects.js';

const JOB = jobOf(PLAIN.builder.repository, undefined, { batchSize: 2 });
const POD = `/api/v1/namespaces/amun/pods/${JOB.id}`;
const ENDED = { phase: 'Succeeded', ...main(terminated(0, 'Completed')) };

describe('the log of a run', () => {
  let api: FakeApiServer;
  let cluster: Cluster;
  let logs: Record<string, string>;

  beforeEach(async () => {
    api = createFakeApiServer();
    cluster = createKubernetesCluster(api, PLAIN);
    logs = { [`${POD}-0-0/log`]: 'zero', [`${POD}-1-0/log`]: 'one' };
    // eslint-disable-next-line @typescript-eslint/require-await -- as the port has it
    api.stream = async function* (path) {
      const text = logs[path];
      if (text === undefined) throw new AmunError('NotFound', `${path} not found`);
      yield Buffer.from(text);
    };
    await cluster.ensureJob(JOB);
  });

  const show = async (item: number, status: object): Promise<void> => {
    api.objects.get(`${POD}-${item}-0`)!.status = status;
    await cluster.observeJob(JOB.id);
  };
  const read = async (item: number, offset = 0): Promise<string> => {
    const pieces: Uint8Array[] = [];
    const target = { job: JOB.id, item };
    for await (const piece of cluster.logs(target, { offset })) pieces.push(piece);
    return Buffer.concat(pieces).toString();
  };
  /** How often owners and pods were asked for while `act` went on. */
  const countReads = async (act: () => Promise<unknown>): Promise<number> => {
    const before = api.calls.length;
    await act();
    return api.calls.length - before;
  };

  it('is read without another look at owner and pod once the job was seen ended', async () => {
    await show(0, ENDED);
    await show(1, ENDED);
    const reads = await countReads(async () => {
      expect([await read(0), await read(1), await read(1, 2)]).toEqual(['zero', 'one', 'e']);
    });
    expect(reads).toBe(0);
  });

  it('is looked for while other runs go on, since its pod may yet be another one', async () => {
    await show(0, ENDED);
    await show(1, { phase: 'Running', ...main(running()) });
    expect(await countReads(() => read(0))).toBe(2);
  });

  it('is looked for again where the job was seen going on after its end', async () => {
    await show(0, ENDED);
    await show(1, ENDED);
    await show(1, { phase: 'Running', ...main(running()) });
    expect(await countReads(() => read(1))).toBe(2);
  });

  it('is NotFound once the job was collected, and not empty', async () => {
    await show(0, ENDED);
    await show(1, ENDED);
    await cluster.collected({ kind: 'job', id: JOB.id });
    logs = {};
    await expect(read(1)).rejects.toMatchObject({ code: 'NotFound' });
    await expect(countReads(() => cluster.observeJob(JOB.id))).resolves.toBe(2);
  });

  it('is empty where the pod is gone and the job is not', async () => {
    await show(0, ENDED);
    await show(1, ENDED);
    logs = {};
    expect(await read(1)).toBe('');
  });
});
