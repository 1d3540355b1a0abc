import { randomBytes } from 'node:crypto';
import type { MatrixRecord } from '../../shared/inspection/matrix-record.js';
import type { BuildRecord } from '../../shared/inspection/record.js';
import { changeDocument } from '../../shared/store/change-document.js';
import type { Store } from '../../shared/store/port.js';
import { describeCatalogueContract } from './catalogue-contract.js';
import { freshId } from './fresh-id.js';
import { inspectionRecord } from './inspection-record.js';
import { describeQueueContract } from './queue-contract.js';

function buildRecord(key: string): BuildRecord {
  return { key, generation: 1, id: `build-${key}-1`, created: '2024-05-01T12:00:00.000Z' };
}

function matrixRecord(id: string): MatrixRecord {
  const members = [{ name: 'wide, 2', inspectionId: `inspection-${'1'.repeat(16)}` }];
  return { id, created: '2024-05-01T12:00:00.000Z', members };
}

/** What every Store must do. `open` gives one that may hold what earlier tests left in it. */
export function describeStoreContract(open: () => Promise<Store>): void {
  let store: Store;
  beforeAll(async () => {
    store = await open();
  });

  describe('documents', () => {
    it('give back what was created, and the version to replace it with', async () => {
      const id = freshId();
      const created = await store.inspections.create(id, inspectionRecord(id));
      expect(created.value).toEqual(inspectionRecord(id));
      expect(await store.inspections.get(id)).toEqual(created);
    });

    it('know nothing of other keys', async () => {
      expect(await store.inspections.get(freshId())).toBeUndefined();
    });

    it('are created once', async () => {
      const id = freshId();
      await store.inspections.create(id, inspectionRecord(id));
      await expect(store.inspections.create(id, inspectionRecord(id))).rejects.toMatchObject({
        code: 'AlreadyExists',
      });
    });

    it('are replaced at their newest version only', async () => {
      const id = freshId();
      const first = await store.inspections.create(id, inspectionRecord(id));
      const second = await store.inspections.replace(
        id,
        { ...first.value, phase: 'running' },
        first.version,
      );
      expect(second.version).toBeGreaterThan(first.version);
      await expect(store.inspections.replace(id, first.value, first.version)).rejects.toMatchObject(
        { code: 'Conflict' },
      );
      expect((await store.inspections.get(id))?.value.phase).toBe('running');
    });

    it('are not replaced where there is none', async () => {
      const id = freshId();
      await expect(store.inspections.replace(id, inspectionRecord(id), 1)).rejects.toMatchObject({
        code: 'Conflict',
      });
    });

    it('can be removed, twice too, and created anew', async () => {
      const id = freshId();
      await store.inspections.create(id, inspectionRecord(id));
      await store.inspections.remove(id);
      await store.inspections.remove(id);
      expect(await store.inspections.get(id)).toBeUndefined();
      await store.inspections.create(id, { ...inspectionRecord(id), batchSize: 7 });
      expect((await store.inspections.get(id))?.value.batchSize).toBe(7);
    });

    it('are not shared between kinds', async () => {
      const key = randomBytes(16).toString('hex');
      await store.builds.create(key, buildRecord(key));
      expect(await store.inspections.get(key)).toBeUndefined();
      expect((await store.builds.get(key))?.value).toEqual(buildRecord(key));
    });

    it('keep matrices apart from both', async () => {
      const id = `matrix-${randomBytes(8).toString('hex')}`;
      const { version } = await store.matrices.create(id, matrixRecord(id));
      expect(await store.inspections.get(id)).toBeUndefined();
      expect(await store.builds.get(id)).toBeUndefined();
      const whole = { ...matrixRecord(id), submitted: '2024-05-01T12:00:01.000Z' };
      await store.matrices.replace(id, whole, version);
      expect((await store.matrices.get(id))?.value).toEqual(whole);
      await store.matrices.remove(id);
      expect(await store.matrices.get(id)).toBeUndefined();
    });

    it('let one of many creators win', async () => {
      const key = randomBytes(16).toString('hex');
      const tries = Array.from({ length: 20 }, () => store.builds.create(key, buildRecord(key)));
      const outcomes = await Promise.allSettled(tries);
      expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    });

    it('lose no change of 50 at once', async () => {
      const id = freshId();
      await store.inspections.create(id, { ...inspectionRecord(id), batchSize: 0 });
      const changes = Array.from({ length: 50 }, () =>
        changeDocument(store.inspections, id, (record) => ({
          ...record,
          batchSize: record.batchSize + 1,
        })),
      );
      await Promise.all(changes);
      expect((await store.inspections.get(id))?.value.batchSize).toBe(50);
    });
  });

  describe('index', () => {
    it('lists newest first, page by page', async () => {
      const before = (await store.index.list(1, 1)).total;
      const added = Array.from({ length: 25 }, () => freshId());
      for (const id of added) await store.index.add(id);
      const newestFirst = [...added].reverse();
      const pages = [1, 2, 3].map((page) => store.index.list(page, 10));
      const [first, second, third] = await Promise.all(pages);
      expect(first?.total).toBe(before + 25);
      expect(first?.ids).toEqual(newestFirst.slice(0, 10));
      expect(second?.ids).toEqual(newestFirst.slice(10, 20));
      expect(third?.ids.slice(0, 5)).toEqual(newestFirst.slice(20));
    });

    it('keeps an id once, at its first place', async () => {
      const [early, late] = [freshId(), freshId()];
      await store.index.add(early);
      await store.index.add(late);
      const { total } = await store.index.list(1, 1);
      await store.index.add(early);
      expect(await store.index.list(1, 2)).toEqual({ ids: [late, early], total });
    });

    it('forgets what is removed, twice too', async () => {
      const [one, removed, other] = [freshId(), freshId(), freshId()];
      for (const id of [one, removed, other]) await store.index.add(id);
      const { total } = await store.index.list(1, 1);
      await store.index.remove(removed);
      await store.index.remove(removed);
      expect(await store.index.list(1, 2)).toEqual({ ids: [other, one], total: total - 1 });
    });

    it('has nothing beyond its last page', async () => {
      await store.index.add(freshId());
      const { total } = await store.index.list(1, 1);
      expect(await store.index.list(total + 1, 1)).toEqual({ ids: [], total });
      expect((await store.index.list(total, 1)).ids).toHaveLength(1);
    });
  });

  describe('in flight', () => {
    it('lists all, or those of one build', async () => {
      const [one, other] = [freshId('build'), freshId('build')];
      const entries = [
        { buildId: one, inspectionId: freshId() },
        { buildId: one, inspectionId: freshId() },
        { buildId: other, inspectionId: freshId() },
      ];
      for (const entry of entries) await store.inFlight.add(entry);
      await store.inFlight.add(entries[0]!);
      expect(sorted(await store.inFlight.list(one))).toEqual(sorted(entries.slice(0, 2)));
      expect(await store.inFlight.list()).toEqual(expect.arrayContaining(entries));
      await store.inFlight.remove(entries[0]!);
      await store.inFlight.remove(entries[0]!);
      expect(await store.inFlight.list(one)).toEqual([entries[1]]);
      expect(await store.inFlight.list()).not.toContainEqual(entries[0]);
    });

    it('counts', async () => {
      const before = await store.inFlight.count();
      const entry = { buildId: freshId('build'), inspectionId: freshId() };
      await store.inFlight.add(entry);
      await store.inFlight.add(entry);
      expect(await store.inFlight.count()).toBe(before + 1);
      await store.inFlight.remove(entry);
      expect(await store.inFlight.count()).toBe(before);
    });

    it('lists nothing for a build nobody waits for', async () => {
      expect(await store.inFlight.list(freshId('build'))).toEqual([]);
    });
  });

  describeCatalogueContract(() => store);
  describeQueueContract(() => store);

  describe('artifacts', () => {
    it.each([
      ['nothing', Buffer.alloc(0)],
      ['text', Buffer.from('Größe: 5 µm\n\0end')],
      ['bytes that do not compress', randomBytes(700_000)],
      ['bytes that do', Buffer.alloc(3_000_000, 'a log line\n')],
    ])('give back %s', async (_what, content) => {
      const key = `${freshId()}/results/0/log`;
      await store.artifacts.put(key, content);
      const found = await store.artifacts.get(key);
      expect(Buffer.compare(Buffer.from(found!), content)).toBe(0);
    });

    it('take strings as UTF-8', async () => {
      const key = `${freshId()}/build/log`;
      await store.artifacts.put(key, 'naïve');
      expect(new TextDecoder().decode(await store.artifacts.get(key))).toBe('naïve');
    });

    it('are replaced, from large to small and back', async () => {
      const key = `${freshId()}/build/log`;
      const large = randomBytes(1_500_000);
      for (const content of [large, Buffer.from('small'), large, randomBytes(900_000)]) {
        await store.artifacts.put(key, content);
        const found = await store.artifacts.get(key);
        expect(Buffer.compare(Buffer.from(found!), content)).toBe(0);
      }
    });

    it('are whole whoever of two wrote last', async () => {
      const key = `${freshId()}/build/log`;
      const contents = Array.from({ length: 6 }, () => randomBytes(600_000));
      await Promise.all(contents.map((content) => store.artifacts.put(key, content)));
      const found = Buffer.from((await store.artifacts.get(key))!);
      expect(contents.some((content) => content.equals(found))).toBe(true);
    });

    it('know nothing of other keys, nor of removed ones', async () => {
      const key = `${freshId()}/build/log`;
      expect(await store.artifacts.get(key)).toBeUndefined();
      await store.artifacts.put(key, randomBytes(600_000));
      await store.artifacts.remove(key);
      await store.artifacts.remove(key);
      expect(await store.artifacts.get(key)).toBeUndefined();
    });
  });
}

function sorted(entries: readonly object[]): string[] {
  return entries.map((entry) => JSON.stringify(entry)).sort();
}
