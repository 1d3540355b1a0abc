import fc from 'fast-check';
import { pageSequences } from '../../../shared/store/page-sequences.js';

/** A stream of so many sequences, of which some are gone. */
const streams = fc.record({
  lastSequence: fc.integer({ min: 0, max: 60 }),
  gone: fc.uniqueArray(fc.integer({ min: 1, max: 60 })),
});

describe('pageSequences', () => {
  it('yields what going through all of them would', () => {
    const choices = [
      streams,
      fc.integer({ min: 1, max: 70 }),
      fc.integer({ min: 1, max: 70 }),
    ] as const;
    fc.assert(
      fc.property(...choices, ({ lastSequence, gone }, page, limit) => {
        const present = Array.from({ length: lastSequence }, (_, i) => i + 1).filter(
          (sequence) => !gone.includes(sequence),
        );
        // What is missing before the oldest message is no gap: the stream begins there.
        const [first = lastSequence + 1] = present;
        const deleted = gone
          .filter((sequence) => sequence > first && sequence <= lastSequence)
          .sort((a, b) => a - b);
        const newestFirst = [...present].reverse();
        expect(
          pageSequences({ lastSequence, messages: present.length, deleted }, page, limit),
        ).toEqual(newestFirst.slice((page - 1) * limit, page * limit));
      }),
      { numRuns: 2_000 },
    );
  });

  it('reaches the far end of a long list', () => {
    const extent = { lastSequence: 100_000, messages: 99_999, deleted: [50_000] };
    expect(pageSequences(extent, 1_000, 100)).toHaveLength(99);
    expect(pageSequences(extent, 1_000, 100).at(-1)).toBe(1);
    expect(pageSequences(extent, 1_001, 100)).toEqual([]);
  });
});
