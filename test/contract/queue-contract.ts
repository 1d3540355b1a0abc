import type { Queue, Store } from '../../shared/store/port.js';
import { freshId } from './fresh-id.js';

/** What both queues of every Store must do. */
export function describeQueueContract(open: () => Store): void {
  describe.each(['builds', 'runs'] as const)('queue of %s', (name) => {
    let queue: Queue;
    beforeEach(async () => {
      queue = open().queues[name];
      for (const { id } of await queue.list()) await queue.leave(id);
    });

    /** Enters one after the other. @returns their ids */
    async function enter(...weights: readonly number[]): Promise<string[]> {
      const ids = weights.map(() => freshId());
      for (const [index, id] of ids.entries()) await queue.enter(id, weights[index]!);
      return ids;
    }
    const admitted = async (bound: number) => [...(await queue.admitted(bound))];
    const positions = (ids: readonly string[], bound: number) =>
      Promise.all(ids.map((id) => queue.position(id, bound)));

    it('is empty at first', async () => {
      expect(await admitted(3)).toEqual([]);
      expect(await queue.due(3)).toEqual([]);
      expect(await queue.list()).toEqual([]);
      expect(await queue.position(freshId(), 3)).toBeUndefined();
    });

    it('admits in order what fits into the bound, and counts who waits', async () => {
      const ids = await enter(1, 1, 1, 1, 1);
      expect(await admitted(2)).toEqual(ids.slice(0, 2));
      expect(await positions(ids, 2)).toEqual([undefined, undefined, 1, 2, 3]);
      expect(await admitted(5)).toEqual(ids);
      expect(await admitted(100)).toEqual(ids);
      expect(await positions(ids, 100)).toEqual(ids.map(() => undefined));
    });

    it.each([
      ['whose weights together fit', [2, 3, 4], 5, 2],
      ['but nobody behind one that does not fit', [2, 4, 1], 5, 1],
      ['the first one however large, alone', [9, 1], 5, 1],
      ['one as large as the bound, alone', [5, 1], 5, 1],
      ['more than are read at once', Array.from({ length: 150 }, () => 1), 140, 140],
    ])('admits those %s', async (_, weights, bound, count) => {
      const ids = await enter(...weights);
      expect(await admitted(bound)).toEqual(ids.slice(0, count));
      expect(await queue.position(ids.at(-1)!, bound)).toBe(
        count === ids.length ? undefined : ids.length - count,
      );
    });

    it('keeps the place and the weight of who enters twice', async () => {
      const ids = await enter(2, 1, 1);
      await queue.enter(ids[0]!, 1);
      await queue.enter(ids[1]!, 5);
      expect(await admitted(3)).toEqual(ids.slice(0, 2));
    });

    it('lets the next ones in when somebody leaves, wherever that one stood', async () => {
      const ids = await enter(1, 1, 1, 1, 1);
      await queue.leave(ids[1]!);
      expect(await admitted(2)).toEqual([ids[0], ids[2]]);
      await queue.leave(ids[3]!);
      expect(await positions(ids, 2)).toEqual([undefined, undefined, undefined, undefined, 1]);
      await queue.leave(ids[0]!);
      await queue.leave(ids[0]!);
      await queue.leave(freshId());
      expect(await admitted(2)).toEqual([ids[2], ids[4]]);
    });

    it('puts who left and comes again last', async () => {
      const ids = await enter(1, 1, 1);
      await queue.leave(ids[0]!);
      await queue.enter(ids[0]!, 1);
      expect(await admitted(2)).toEqual(ids.slice(1));
      expect(await queue.position(ids[0]!, 2)).toBe(1);
    });

    it('tells those apart that have begun, who keep their place', async () => {
      const ids = await enter(1, 1, 1, 1);
      await queue.begin(ids[1]!);
      await queue.begin(ids[1]!);
      expect(await admitted(3)).toEqual(ids.slice(0, 3));
      expect(await queue.due(3)).toEqual([ids[0], ids[2]]);
      expect(await Promise.all(ids.map((id) => queue.hasBegun(id)))).toEqual([
        false,
        true,
        false,
        false,
      ]);
      const byId = new Map((await queue.list()).map(({ id, begun }) => [id, begun]));
      expect(byId).toEqual(new Map(ids.map((id, index) => [id, index === 1])));
      for (const id of ids) await queue.begin(id);
      expect(await queue.due(3)).toEqual([]);
    });

    it('forgets with the place that it had begun', async () => {
      const [id] = await enter(1);
      await queue.begin(id!);
      await queue.leave(id!);
      expect(await queue.list()).toEqual([]);
      expect(await queue.hasBegun(id!)).toBe(false);
      await queue.enter(id!, 1);
      expect(await queue.due(1)).toEqual([id]);
    });

    it('lists also what has begun without a place, so that it can be cleared away', async () => {
      const id = freshId();
      await queue.begin(id);
      expect(await queue.list()).toEqual([{ id, begun: true }]);
      expect(await admitted(3)).toEqual([]);
      await queue.leave(id);
      expect(await queue.list()).toEqual([]);
    });

    it('never has more in than fit, whoever comes and goes at the same time', async () => {
      const bound = 3;
      let under = 0;
      let most = 0;
      const live = async (id: string): Promise<void> => {
        await queue.enter(id, 1);
        for (;;) {
          if ((await queue.admitted(bound)).has(id)) break;
          await new Promise((resolve) => setTimeout(resolve, 2));
        }
        under += 1;
        most = Math.max(most, under);
        await queue.begin(id);
        under -= 1;
        await queue.leave(id);
      };
      await Promise.all(Array.from({ length: 20 }, () => live(freshId())));
      expect(most).toBeLessThanOrEqual(bound);
      expect(await queue.list()).toEqual([]);
    });

    it('does not know the other queue', async () => {
      const [id] = await enter(1);
      const other = open().queues[name === 'builds' ? 'runs' : 'builds'];
      expect(await other.position(id!, 1)).toBeUndefined();
      expect((await other.admitted(100)).has(id!)).toBe(false);
    });
  });
}
