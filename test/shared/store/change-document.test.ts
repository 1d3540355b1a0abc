import { jest } from '@jest/globals';
import { AmunError } from '../../../shared/errors/amun-error.js';
import { changeDocument } from '../../../shared/store/change-document.js';
import type { Documents } from '../../../shared/store/port.js';
import { freshId } from '../../contract/fresh-id.js';
import { inspectionRecord } from '../../contract/inspection-record.js';
import { createMemoryStore } from '../../fakes/memory-store.js';

describe('changeDocument', () => {
  const id = freshId();
  const start = async () => {
    const { inspections } = createMemoryStore();
    await inspections.create(id, inspectionRecord(id));
    return inspections;
  };

  it('returns what it stored', async () => {
    const inspections = await start();
    const changed = await changeDocument(inspections, id, (record) => ({
      ...record,
      batchSize: 3,
    }));
    expect(changed.batchSize).toBe(3);
    expect((await inspections.get(id))?.value).toEqual(changed);
  });

  it('writes nothing where nothing is to be changed', async () => {
    const inspections = await start();
    const before = await inspections.get(id);
    expect(await changeDocument(inspections, id, () => undefined)).toEqual(before?.value);
    expect((await inspections.get(id))?.version).toBe(before?.version);
  });

  it('decides again on the newest value after a lost race', async () => {
    const inspections = await start();
    const seen: number[] = [];
    let disturbed = false;
    const racing: Documents<{ batchSize: number }> = {
      ...documentsOf(inspections),
      replace: async (key, value, version) => {
        if (!disturbed) {
          disturbed = true;
          await changeDocument(inspections, id, (record) => ({ ...record, batchSize: 40 }));
        }
        return documentsOf(inspections).replace(key, value, version);
      },
    };
    const changed = await changeDocument(racing, id, (record) => {
      seen.push(record.batchSize);
      return { ...record, batchSize: record.batchSize + 1 };
    });
    expect(seen).toEqual([1, 40]);
    expect(changed.batchSize).toBe(41);
  });

  describe('with what was read before', () => {
    const more = (record: { batchSize: number }) => ({
      ...record,
      batchSize: record.batchSize + 1,
    });

    it('does not read again', async () => {
      const inspections = documentsOf(await start());
      const read = await inspections.get(id);
      const get = jest.fn((key: string) => inspections.get(key));
      const changed = await changeDocument({ ...inspections, get }, id, more, read);
      expect(changed.batchSize).toBe(2);
      expect(get).not.toHaveBeenCalled();
      expect((await inspections.get(id))?.value.batchSize).toBe(2);
    });

    it('reads again where that is outdated', async () => {
      const inspections = documentsOf(await start());
      const read = await inspections.get(id);
      await changeDocument(inspections, id, (record) => ({ ...record, batchSize: 40 }));
      expect((await changeDocument(inspections, id, more, read)).batchSize).toBe(41);
    });

    it('does not believe it where it leaves nothing to change', async () => {
      const inspections = documentsOf(await start());
      const read = await inspections.get(id);
      await changeDocument(inspections, id, (record) => ({ ...record, batchSize: 40 }));
      const unlessOne = (record: { batchSize: number }) =>
        record.batchSize === 1 ? undefined : more(record);
      expect((await changeDocument(inspections, id, unlessOne, read)).batchSize).toBe(41);
    });
  });

  it('gives up in the end', async () => {
    const inspections = documentsOf(await start());
    const random = jest.spyOn(Math, 'random').mockReturnValue(0);
    const conflict = new AmunError('Conflict', 'always');
    const hopeless = { ...inspections, replace: () => Promise.reject(conflict) };
    await expect(changeDocument(hopeless, id, (record) => record)).rejects.toMatchObject({
      code: 'Conflict',
      message: expect.stringContaining(id) as unknown,
    });
    random.mockRestore();
  });

  it('lets other errors through, and says what is not there', async () => {
    const inspections = documentsOf(await start());
    const broken = { ...inspections, replace: () => Promise.reject(new Error('broken')) };
    await expect(changeDocument(broken, id, (record) => record)).rejects.toThrow('broken');
    await expect(changeDocument(inspections, 'other', (record) => record)).rejects.toMatchObject({
      code: 'NotFound',
    });
  });
});

/** Methods of a class instance, so that one of them can be replaced. */
function documentsOf(documents: unknown): Documents<{ batchSize: number }> {
  const given = documents as Documents<{ batchSize: number }>;
  return {
    get: (key) => given.get(key),
    create: (key, value) => given.create(key, value),
    replace: (key, value, version) => given.replace(key, value, version),
    remove: (key) => given.remove(key),
  };
}
