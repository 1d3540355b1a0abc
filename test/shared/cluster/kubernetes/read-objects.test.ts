import { readObjects } from '../../../../shared/cluster/kubernetes/read-objects.js';
import { createFakeApiServer, type FakeApiServer, type FakeObject } from './fake-api-server.js';
import {
  BUILD,
  DEADLINE,
  disruption,
  JOB,
  main,
  OWNER_UID,
  ownerObject,
  podObject,
  running,
  secondsAgo,
  terminated,
  UNKNOWN_END,
} from './objects.js';

const CORE = '/api/v1/namespaces/amun';
const ONLY = { annotations: { 'amun.io/batch-size': '1' } };
const ENDED = { phase: 'Succeeded', ...main(terminated(0, 'Completed')) };

describe('readObjects', () => {
  let api: FakeApiServer;
  beforeEach(() => {
    api = createFakeApiServer();
  });
  const put = (kind: string, object: object): void => {
    const { metadata } = object as FakeObject;
    api.objects.set(`${CORE}/${kind}/${metadata.name}`, object as FakeObject);
  };
  /** A pod as podObject makes it, with more in its metadata. */
  const pod = (ref: typeof JOB, status: object, more: object = {}, fields: object = {}): object => {
    const made = podObject(ref, status as Record<string, unknown>, fields) as { metadata: object };
    return { ...made, metadata: { ...made.metadata, ...more } };
  };
  const read = async (ref = JOB) => {
    const objects = await readObjects(api, 'amun', ref);
    return { objects, kinds: api.calls.map(({ path }) => path.split('/').at(-2)) };
  };

  it.each([
    ['build', BUILD, pod(BUILD, ENDED)],
    ['job of one run', JOB, pod(JOB, ENDED, ONLY)],
    ['run that failed', JOB, pod(JOB, { phase: 'Failed', ...main(terminated(3, 'Error')) }, ONLY)],
  ])('asks for the pod alone of a %s that has ended', async (_, ref, object) => {
    put('pods', object);
    const { objects, kinds } = await read(ref);
    expect(objects).toMatchObject({ owner: { ref, uid: OWNER_UID, items: 1 }, pods: [{ ref }] });
    expect(kinds).toEqual(['pods']);
  });

  it.each<[string, object]>([
    ['runs', pod(JOB, { phase: 'Running', ...main(running()) }, ONLY)],
    ['is one of several, as far as it says', pod(JOB, ENDED)],
    ['ended at its deadline', pod(JOB, { ...DEADLINE, ...main(terminated(137, 'Error')) }, ONLY)],
    ['is being deleted', pod(JOB, ENDED, { ...ONLY, deletionTimestamp: secondsAgo(1) })],
    ['was disrupted', pod(JOB, { ...ENDED, ...disruption('Evicted', 'by hand') }, ONLY)],
    ['ended nobody knows how', pod(JOB, { phase: 'Failed', ...main(UNKNOWN_END) }, ONLY)],
  ])('asks for the owner too where the pod %s, and for the pod once', async (_, object) => {
    put('configmaps', ownerObject(JOB, { items: 1 }));
    put('pods', object);
    const { objects, kinds } = await read();
    expect(objects?.pods).toHaveLength(1);
    expect(kinds).toEqual(['pods', 'configmaps']);
  });

  it('asks for the attempt that the owner notes', async () => {
    put('configmaps', ownerObject(JOB, { annotations: { 'amun.io/attempts': '{"0":2}' } }));
    put('pods', pod(JOB, { phase: 'Failed', ...disruption('Evicted', 'by hand') }, ONLY));
    put('pods', pod(JOB, ENDED, ONLY, { attempt: 1 }));
    const { objects } = await read();
    expect(objects?.pods).toMatchObject([{ attempt: 1 }]);
  });

  it('finds nothing where there is neither', async () => {
    expect((await read()).objects).toBeUndefined();
  });
});
