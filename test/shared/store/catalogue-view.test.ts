import fc from 'fast-check';
import { fitsFilter, type InspectionFilter } from '../../../shared/inspection/inspection-filter.js';
import { PHASES } from '../../../shared/inspection/phase.js';
import type { InspectionRecord } from '../../../shared/inspection/record.js';
import { CatalogueView } from '../../../shared/store/catalogue-view.js';
import { comparePlaces, placeOf } from '../../../shared/store/place.js';
import { inspectionRecord } from '../../contract/inspection-record.js';

const NOON = Date.parse('2024-05-01T12:00:00.000Z');

/** Few ids and few times, so that they meet. */
const id = fc
  .tuple(fc.constantFrom('', 'a-', 'a-b-'), fc.nat(15))
  .map(([identifier, n]) => `inspection-${identifier}${n.toString(16).padStart(16, '0')}`);
const word = fc.constantFrom('', 'a', 'b');
const labels = fc.option(
  fc.dictionary(fc.constantFrom('x', 'y', 'a=b'), word, { noNullPrototype: true }),
  { nil: undefined },
);
const phase = fc.constantFrom(...PHASES);

const change = fc.oneof(
  fc.record({ kind: fc.constant('put' as const), id, seconds: fc.nat(6), labels, phase }),
  fc.record({ kind: fc.constant('phase' as const), id, phase }),
  fc.record({ kind: fc.constant('remove' as const), id }),
);

const filter: fc.Arbitrary<InspectionFilter> = fc.record(
  {
    phases: fc.array(phase).map((phases) => new Set(phases)),
    identifier: fc.constantFrom('a', 'a-b', 'b'),
    labels: fc.array(
      fc.oneof(
        fc.record({ key: fc.constantFrom('x', 'a', 'a=b') }),
        fc.record({ key: fc.constantFrom('x', 'y', 'a'), value: word }),
      ),
      { maxLength: 2 },
    ),
    createdAfter: fc.nat(6).map((seconds) => NOON + seconds * 1000),
    createdBefore: fc.nat(6).map((seconds) => NOON + seconds * 1000),
  },
  { requiredKeys: [] },
);

function recordOf(fields: {
  id: string;
  seconds: number;
  labels: Record<string, string> | undefined;
  phase: InspectionRecord['phase'];
}): InspectionRecord {
  return {
    ...inspectionRecord(fields.id),
    created: new Date(NOON + fields.seconds * 1000).toISOString(),
    phase: fields.phase,
    ...(fields.labels === undefined ? {} : { labels: fields.labels }),
  };
}

describe('CatalogueView', () => {
  it('finds what a look at every record finds, in the same order, from any place on', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(change, filter, fc.nat(20)), { maxLength: 40 }), (steps) => {
        const view = new CatalogueView();
        const records = new Map<string, InspectionRecord>();
        for (const [sequence, [step, asked, from]] of steps.entries()) {
          const known = records.get(step.id);
          if (step.kind === 'remove') records.delete(step.id);
          else if (step.kind === 'put') {
            // A record keeps its labels and time: another one of its id comes after a removal.
            if (known !== undefined) view.remove(step.id);
            records.set(step.id, recordOf(step));
          } else if (known !== undefined) records.set(step.id, { ...known, phase: step.phase });
          const record = records.get(step.id);
          if (record === undefined) view.remove(step.id);
          else view.put(record, sequence);

          const expected = [...records.values()]
            .filter((one) => fitsFilter(one, asked))
            .sort((left, right) => comparePlaces(placeOf(right), placeOf(left)));
          const selection = view.select(asked);
          expect([...selection.walk()]).toEqual(expected.map((one) => one.id));
          expect(selection.total).toBe(expected.length);
          expect(view.size).toBe(records.size);
          const behind = expected[from];
          if (behind !== undefined) {
            expect([...selection.walk(placeOf(behind))]).toEqual(
              expected.slice(from + 1).map((one) => one.id),
            );
          }
        }
      }),
      { numRuns: 300 },
    );
  });

  it('goes on with a walk while the view changes', () => {
    const view = new CatalogueView();
    const put = (n: number, seconds: number): string => {
      const name = `inspection-${n.toString(16).padStart(16, '0')}`;
      view.put(recordOf({ id: name, seconds, labels: undefined, phase: 'queued' }), n);
      return name;
    };
    const [oldest, middle, newest] = [put(1, 1), put(2, 2), put(3, 3)];
    const walk = view.select({}).walk();
    expect(walk.next().value).toBe(newest);
    // Older than everything, newer than everything, and one that goes; then somebody else searches.
    put(4, 0);
    put(5, 9);
    view.remove(middle);
    const again = view.select({});
    expect([again.total, [...again.walk()].length]).toEqual([4, 4]);
    expect([...walk]).toEqual([oldest]);
  });

  it('makes room of what is gone, and forgets nothing over it', () => {
    const view = new CatalogueView();
    const name = (n: number): string => `inspection-${n.toString(16).padStart(16, '0')}`;
    const count = 4_000;
    for (let n = 0; n < count; n += 1) {
      // Two at a time, the younger one first, so that they are out of order.
      const fields = { id: name(n), seconds: n ^ 1, labels: { of: `${n % 3}` } };
      view.put(recordOf({ ...fields, phase: 'queued' }), n);
    }
    const walk = view.select({}).walk();
    expect(walk.next().value).toBe(name(count - 2));
    for (let n = 0; n < count; n += 1) if (n % 10 !== 0) view.remove(name(n));
    const labels = [{ key: 'of', value: '0' }];
    const left = Array.from({ length: count }, (_, n) => n).filter((n) => n % 30 === 0);
    expect([...view.select({ labels }).walk()]).toEqual(left.map(name).reverse());
    expect(view.size).toBe(count / 10);
    view.put(recordOf({ id: name(0), seconds: 1, labels: undefined, phase: 'failed' }), count);
    expect([...view.select({ phases: new Set(['failed']) }).walk()]).toEqual([name(0)]);
    view.removeBefore(count);
    expect([...view.select({}).walk()]).toEqual([name(0)]);
    // Who walked before all this goes on, without anything twice.
    const rest = [...walk];
    expect(new Set(rest).size).toBe(rest.length);
  });

  it('forgets what is older than the oldest message', () => {
    const view = new CatalogueView();
    for (let n = 1; n <= 5; n += 1) {
      const name = `inspection-${n.toString(16).padStart(16, '0')}`;
      view.put(recordOf({ id: name, seconds: n, labels: undefined, phase: 'queued' }), n);
    }
    view.put(
      recordOf({
        id: `inspection-${'1'.padStart(16, '0')}`,
        seconds: 1,
        labels: undefined,
        phase: 'failed',
      }),
      6,
    );
    view.removeBefore(4);
    expect([...view.select({}).walk()].map((name) => Number(name.slice(-1)))).toEqual([5, 4, 1]);
    view.clear();
    expect([[...view.select({}).walk()], view.size]).toEqual([[], 0]);
  });
});
