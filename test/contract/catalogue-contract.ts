import fc from 'fast-check';
import type { InspectionFilter } from '../../shared/inspection/inspection-filter.js';
import type { InspectionRecord } from '../../shared/inspection/record.js';
import { changeDocument } from '../../shared/store/change-document.js';
import type { Place, Store } from '../../shared/store/port.js';
import { freshId } from './fresh-id.js';
import { inspectionRecord } from './inspection-record.js';

const NOON = Date.parse('2024-05-01T12:00:00.000Z');
const SECOND = 1000;

/** What every Store's catalogue must do, whatever else is in the store. */
export function describeCatalogueContract(given: () => Store): void {
  describe('catalogue', () => {
    /** A label that only what this test writes has. */
    let mine: string;
    let store: Store;
    beforeEach(() => {
      mine = freshId('test');
      store = given();
    });

    const filterOf = (filter: InspectionFilter = {}): InspectionFilter => ({
      ...filter,
      labels: [{ key: 'test', value: mine }, ...(filter.labels ?? [])],
    });

    async function add(seconds: number, fields: Partial<InspectionRecord> = {}): Promise<string> {
      const { id = freshId(), labels, ...rest } = fields;
      const created = new Date(NOON + seconds * SECOND).toISOString();
      const record = {
        ...inspectionRecord(id),
        created,
        labels: { ...labels, test: mine },
        ...rest,
      };
      await store.inspections.create(id, record);
      return id;
    }

    async function find(filter: InspectionFilter = {}): Promise<string[]> {
      const { records, next, total } = await store.catalogue.find(filterOf(filter), { limit: 100 });
      expect([next, total]).toEqual([undefined, records.length]);
      return records.map(({ id }) => id);
    }

    it('gives the newest first, by the time of submission and then by id', async () => {
      const late = await add(5);
      const [small, large] = ['inspection-a-0000000000000000', 'inspection-b-0000000000000000'];
      await add(3, { id: `${small.slice(0, -8)}${mine.slice(-8)}` });
      await add(3, { id: `${large.slice(0, -8)}${mine.slice(-8)}` });
      const early = await add(1);
      const ids = await find();
      expect([ids[0], ids[3]]).toEqual([late, early]);
      expect(ids.slice(1, 3).map((id) => id.slice(0, 12))).toEqual([
        'inspection-b',
        'inspection-a',
      ]);
    });

    it('gives records as they are now', async () => {
      const id = await add(0);
      expect(await find({ phases: new Set(['succeeded', 'failed']) })).toEqual([]);
      await changeDocument(store.inspections, id, (record) => ({
        ...record,
        phase: 'failed' as const,
      }));
      const { records } = await store.catalogue.find(filterOf(), { limit: 1 });
      expect(records).toEqual([(await store.inspections.get(id))!.value]);
      expect(await find({ phases: new Set(['succeeded', 'failed']) })).toEqual([id]);
      expect(await find({ phases: new Set(['building']) })).toEqual([]);
      expect(await find({ phases: new Set() })).toEqual([]);
    });

    it('finds by identifier, which may contain what ids do', async () => {
      const hex = '0123456789abcdef';
      const tail = mine.slice(-16);
      const ids = [`inspection-${tail}`, `inspection-tf-${tail}`, `inspection-tf-${hex}-${tail}`];
      for (const id of ids) await add(0, { id });
      expect(await find({ identifier: 'tf' })).toEqual([ids[1]]);
      expect(await find({ identifier: `tf-${hex}` })).toEqual([ids[2]]);
      expect(await find({ identifier: hex })).toEqual([]);
    });

    it('finds by labels, of which all must hold', async () => {
      const both = await add(2, { labels: { team: 'a', 'example.org/run': '' } });
      const one = await add(1, { labels: { team: 'b' } });
      expect(await find({ labels: [{ key: 'team' }] })).toEqual([both, one]);
      expect(await find({ labels: [{ key: 'team', value: 'b' }] })).toEqual([one]);
      expect(await find({ labels: [{ key: 'team' }, { key: 'example.org/run' }] })).toEqual([both]);
      expect(await find({ labels: [{ key: 'example.org/run', value: '' }] })).toEqual([both]);
      expect(await find({ labels: [{ key: 'team', value: '' }] })).toEqual([]);
      expect(await find({ labels: [{ key: 'constructor' }] })).toEqual([]);
    });

    it('finds by time, without the bounds themselves', async () => {
      const [first, second, third] = [await add(1), await add(2), await add(3)];
      const at = (seconds: number): number => NOON + seconds * SECOND;
      expect(await find({ createdAfter: at(1) })).toEqual([third, second]);
      expect(await find({ createdBefore: at(3) })).toEqual([second, first]);
      expect(await find({ createdAfter: at(1), createdBefore: at(3) })).toEqual([second]);
    });

    it('gives any page', async () => {
      const ids: string[] = [];
      for (let n = 0; n < 7; n += 1) ids.unshift(await add(n));
      const page = (skip: number) => store.catalogue.find(filterOf(), { skip, limit: 3 });
      expect((await page(3)).records.map(({ id }) => id)).toEqual(ids.slice(3, 6));
      expect(await page(6)).toMatchObject({ records: [{ id: ids[6] }], next: undefined, total: 7 });
      expect(await page(7)).toEqual({ records: [], next: undefined, total: 7 });
    });

    it('forgets what was removed, and finds it when it comes again', async () => {
      const [one, other] = [await add(1), await add(2)];
      expect(await find()).toEqual([other, one]);
      await store.inspections.remove(other);
      expect(await find()).toEqual([one]);
      await add(0, { id: other });
      expect(await find()).toEqual([one, other]);
    });

    it('knows of everything that was written before, whoever asks at the same time', async () => {
      const ids: string[] = [];
      const ask = async (n: number): Promise<void> => {
        const id = await add(n);
        ids.push(id);
        expect(await find()).toContain(id);
      };
      await Promise.all(Array.from({ length: 25 }, (_, n) => ask(n)));
      expect((await find()).sort()).toEqual(ids.sort());
    });

    it('shows what stays exactly once, page by page, whatever comes and goes', async () => {
      const step = fc.record({
        limit: fc.integer({ min: 1, max: 4 }),
        added: fc.array(fc.nat(20), { maxLength: 3 }),
        removed: fc.array(fc.nat(), { maxLength: 2 }),
      });
      await fc.assert(
        fc.asyncProperty(
          fc.array(fc.nat(20), { maxLength: 12 }),
          fc.array(step, { maxLength: 6 }),
          async (times, steps) => {
            mine = freshId('test');
            const present = await Promise.all(times.map((seconds) => add(seconds)));
            const staying = new Set(present);
            const seen: string[] = [];
            let behind: Place | undefined;
            for (let n = 0; n === 0 || behind !== undefined; n += 1) {
              const { limit = 3, added = [], removed = [] } = steps[n] ?? {};
              const page = { limit, ...(behind && { behind }) };
              const found = await store.catalogue.find(filterOf(), page);
              seen.push(...found.records.map(({ id }) => id));
              behind = found.next;
              present.push(...(await Promise.all(added.map((seconds) => add(seconds)))));
              for (const index of removed) {
                const id = present[index % present.length];
                if (id === undefined) continue;
                staying.delete(id);
                await store.inspections.remove(id);
              }
            }
            expect(new Set(seen).size).toBe(seen.length);
            expect(seen).toEqual(expect.arrayContaining([...staying]));
          },
        ),
        { numRuns: 15 },
      );
    });
  });
}
