import fc from 'fast-check';
import type { Usage } from '../../../shared/inspection/report.js';
import { USAGE_FIELDS } from '../../../shared/inspection/report.js';
import type { Json } from '../../../shared/inspection/specification.js';
import { MAX_STATISTICS, RunsSummarizer } from '../../../shared/inspection/summarize-runs.js';
import {
  MAX_NUMBER_DEPTH,
  MAX_NUMBER_ITEMS,
  MAX_POINTER_LENGTH,
  visitNumbers,
} from '../../../shared/inspection/summary-numbers.js';

function usage(figures: Partial<Usage> = {}): Usage {
  const unknown = Object.fromEntries(USAGE_FIELDS.map((name) => [name, null]));
  return { ...(unknown as unknown as Usage), ...figures };
}

function numbersIn(value: Json): Record<string, number> {
  const found: [string, number][] = [];
  visitNumbers(value, (pointer, number) => found.push([pointer, number]));
  return Object.fromEntries(found);
}

function summarize(outputs: readonly Json[]) {
  const summarizer = new RunsSummarizer(outputs.length);
  for (const stdout of outputs) summarizer.add('succeeded', { stdout, usage: usage() });
  return summarizer.summary();
}

function nested(depth: number): Json {
  let value: Json = 1;
  for (let level = 0; level < depth; level += 1) value = { in: value };
  return value;
}

describe('visitNumbers', () => {
  it('tells every number by its JSON pointer', () => {
    expect(
      numbersIn({ a: 1, 'b/c': { '~': [2, 'x', { d: 3 }] }, t: true, n: null, s: '4' }),
    ).toEqual({
      '/a': 1,
      '/b~1c/~0/0': 2,
      '/b~1c/~0/2/d': 3,
    });
    expect(numbersIn(42)).toEqual({ '': 42 });
    expect(numbersIn('42')).toEqual({});
    expect(numbersIn(JSON.parse('[1e999, -1e999, 1]') as Json)).toEqual({ '/2': 1 });
  });

  it('keeps to its bounds', () => {
    expect(Object.keys(numbersIn(nested(MAX_NUMBER_DEPTH)))).toHaveLength(1);
    expect(numbersIn(nested(MAX_NUMBER_DEPTH + 1))).toEqual({});
    expect(Object.keys(numbersIn(Array<number>(1000).fill(1)))).toHaveLength(MAX_NUMBER_ITEMS);
    const longest = 'x'.repeat(MAX_POINTER_LENGTH - 1);
    expect(numbersIn({ [longest]: 1, [`${longest}x`]: 2, ['~'.repeat(200)]: 3 })).toEqual({
      [`/${longest}`]: 1,
    });
  });

  it('finds what is there under each pointer, in any JSON', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        for (const [pointer, number] of Object.entries(numbersIn(value as Json))) {
          const segments = pointer.split('/').slice(1);
          const found = segments.reduce<unknown>(
            (inner, segment) =>
              (inner as Record<string, unknown>)[
                segment.replaceAll('~1', '/').replaceAll('~0', '~')
              ],
            value,
          );
          expect(found).toBe(number);
        }
      }),
    );
  });
});

describe('RunsSummarizer', () => {
  it('counts outcomes, and makes statistics of numbers and usage', () => {
    const summarizer = new RunsSummarizer(4);
    summarizer.add('succeeded', {
      stdout: { seconds: 2, note: 'x' },
      usage: usage({ ru_utime: 0.5, ru_maxrss: 1024, ru_nvcsw: 9 }),
    });
    summarizer.add('ScriptFailed', { stdout: { seconds: 4, extra: 1 }, usage: usage() });
    summarizer.add('Lost', undefined);
    summarizer.add('pending', undefined);
    const { outcomes, statistics, usage: figures, ...rest } = summarizer.summary();
    expect(rest).toEqual({ batch_size: 4, statistics_complete: true });
    expect(outcomes).toEqual({ succeeded: 1, pending: 1, ScriptFailed: 1, Lost: 1 });
    expect(statistics['/seconds']).toEqual({
      count: 2,
      min: 2,
      max: 4,
      mean: 3,
      median: 3,
      stddev: Math.SQRT2,
    });
    expect(statistics['/extra']).toMatchObject({ count: 1, stddev: null });
    expect(Object.keys(statistics)).toEqual(['/seconds', '/extra']);
    expect(figures).toMatchObject({ ru_utime: { count: 1, mean: 0.5 }, ru_maxrss: { mean: 1024 } });
    expect(Object.keys(figures)).toEqual(['ru_utime', 'ru_maxrss']);
  });

  it('is empty where nothing was told', () => {
    expect(new RunsSummarizer(3).summary()).toEqual({
      batch_size: 3,
      outcomes: { succeeded: 0, pending: 0 },
      statistics: {},
      statistics_complete: true,
      usage: {},
    });
  });

  it('keeps so many different numbers and no more, and says so', () => {
    const wide = (names: number, value: number): Json =>
      Object.fromEntries(Array.from({ length: names }, (_, n) => [`n${n}`, value]));
    const full = summarize([wide(MAX_STATISTICS, 1), wide(MAX_STATISTICS, 3)]);
    expect(full.statistics_complete).toBe(true);
    const over = summarize([wide(MAX_STATISTICS, 1), { other: 1, ...(wide(9, 3) as object) }]);
    expect(over.statistics_complete).toBe(false);
    expect(Object.keys(over.statistics)).toHaveLength(MAX_STATISTICS);
    expect(over.statistics['/n8']).toMatchObject({ count: 2, mean: 2 });
    expect(over.statistics['/other']).toBeUndefined();
  });

  it('bears hostile names', () => {
    const stdout = JSON.parse('{"__proto__": {"x": 1}, "constructor": 2, "toString": 3}') as Json;
    const { statistics } = summarize([stdout, stdout]);
    expect(Object.keys(statistics)).toEqual(['/__proto__/x', '/constructor', '/toString']);
    expect('x' in {}).toBe(false);
  });
});
