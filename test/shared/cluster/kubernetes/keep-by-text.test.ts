import { keepByText } from '../../../../shared/cluster/kubernetes/keep-by-text.js';

describe('keepByText', () => {
  it('makes the same of a text once', () => {
    const made: string[] = [];
    const make = keepByText((text) => ({ number: made.push(text) }));
    const first = make('a');
    expect(make('b')).toEqual({ number: 2 });
    expect(make('a')).toBe(first);
    expect(made).toEqual(['a', 'b']);
  });

  it('keeps few', () => {
    let count = 0;
    const make = keepByText(() => (count += 1));
    for (let round = 0; round < 2; round += 1) {
      for (let n = 0; n < 1000; n += 1) make(String(n));
    }
    expect(count).toBe(2000);
  });
});
