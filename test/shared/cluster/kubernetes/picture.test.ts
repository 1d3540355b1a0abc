import { parseOwner } from '../../../../shared/cluster/kubernetes/observe/parse-owner.js';
import type { OwnerSeen } from '../../../../shared/cluster/kubernetes/observe/parse-owner.js';
import { Picture, type Observe } from '../../../../shared/cluster/kubernetes/picture.js';
import type { ClusterRef, WatchEvent } from '../../../../shared/cluster/port.js';
import { BUILD, JOB, ownerObject } from './objects.js';

const OTHER: ClusterRef = { kind: 'job', id: 'inspection-fedcba9876543210' };

/** The parts are told as the message, so that a test sees which there are. */
const observe: Observe<string> = (owner, parts) => {
  const message = [...parts].sort().join();
  return Promise.resolve(
    owner.ref.kind === 'build'
      ? { kind: 'build', observation: { state: 'waiting', message } }
      : { kind: 'job', observation: { state: 'waiting', message, runs: [] } },
  );
};

describe('Picture', () => {
  let picture: Picture<string>;
  beforeEach(() => (picture = new Picture<string>(2)));

  const ownerOf = (ref: ClusterRef, uid: string): OwnerSeen => ({
    ...parseOwner(ownerObject(ref))!,
    uid,
  });
  const own = (ref: ClusterRef, uid: string) => picture.present(uid, { owner: ownerOf(ref, uid) });
  const pod = (ref: ClusterRef, name: string, uid = name, part = name) =>
    picture.present(uid, { ref, name, part });
  const told = async (): Promise<string[]> => {
    const events: WatchEvent[] = [];
    for (const ref of picture.takeChanged()) {
      const event = await picture.tell(ref, observe);
      if (event !== undefined) events.push(event);
    }
    return events.map((event) => {
      if (event.kind === 'synced') return 'synced';
      if (event.kind === 'gone') return `gone ${event.ref.id}`;
      return `${event.id}: ${event.observation.message ?? ''}`;
    });
  };

  it('is listed once every kind is', () => {
    picture.noteListed(0);
    picture.noteListed(0);
    expect(picture.isListed).toBe(false);
    picture.noteListed(1);
    expect(picture.isListed).toBe(true);
  });

  it('puts owners and pods together, whoever comes first', async () => {
    pod(JOB, 'a');
    expect(await told()).toEqual([]);
    own(JOB, '1');
    pod(BUILD, 'c');
    own(BUILD, '2');
    pod(JOB, 'b');
    expect(await told()).toEqual([`${JOB.id}: a,b`, `${BUILD.id}: c`]);
  });

  it('tells only what is new', async () => {
    own(JOB, '1');
    expect(await told()).toHaveLength(1);
    own(JOB, '1');
    expect(await told()).toEqual([]);
    pod(JOB, 'a');
    expect(await told()).toEqual([`${JOB.id}: a`]);
  });

  it('forgets what vanished, of which nothing but the uid is known', async () => {
    own(JOB, '1');
    pod(JOB, 'a');
    pod(JOB, 'b');
    await told();
    picture.gone('a');
    expect(await told()).toEqual([`${JOB.id}: b`]);
    picture.gone('1');
    expect(await told()).toEqual([`gone ${JOB.id}`]);
    picture.gone('b');
    picture.gone('never seen');
    expect(await told()).toEqual([]);
    own(JOB, '3');
    expect(await told()).toEqual([`${JOB.id}: `]);
  });

  it('tells anew of another owner of the same name', async () => {
    own(JOB, '1');
    await told();
    own(JOB, '2');
    picture.gone('1');
    expect(await told()).toEqual([`${JOB.id}: `]);
  });

  it('follows an object whose labels are changed', async () => {
    own(JOB, '1');
    own(OTHER, '2');
    pod(JOB, 'a');
    await told();
    pod(OTHER, 'a');
    expect((await told()).sort()).toEqual([`${JOB.id}: `, `${OTHER.id}: a`]);
    picture.gone('a');
    expect(await told()).toEqual([`${OTHER.id}: `]);
  });
});
