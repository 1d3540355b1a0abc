import { formatDuration, formatSpan } from '../../../cli/output/format-time.js';
import { harmlessLine, harmlessText } from '../../../cli/output/harmless-text.js';

describe('formatDuration', () => {
  it.each([
    [0, '0.0 s'],
    [-5, '0.0 s'],
    [440, '0.4 s'],
    [9_949, '9.9 s'],
    [9_950, '10 s'],
    [59_499, '59 s'],
    [59_500, '1 min 0 s'],
    [200_000, '3 min 20 s'],
    [3_600_000 * 2 + 300_000, '2 h 5 min'],
    [3_600_000 * 52, '2 d 4 h'],
  ])('writes %d ms as %s', (milliseconds, text) => {
    expect(formatDuration(milliseconds)).toBe(text);
  });

  it('knows nothing of an unknown instant', () => {
    expect(formatSpan(null, '2026-01-01T00:00:00Z')).toBeUndefined();
  });
});

describe('harmlessText', () => {
  it('keeps text, newlines, tabs and colours', () => {
    const text = 'ä\t\x1b[1;31mred\x1b[0m\r\n日本';
    expect(harmlessText(text)).toBe(text);
  });

  it.each(['\x1b[2J', '\x1b]0;title\x07', '\x9b2J', '\x07', '\x1bc'])('disarms %j', (text) => {
    expect(harmlessText(text)).not.toMatch(/[\x00-\x1f\x80-\x9f]/);
  });

  it('puts a message of others on one line', () => {
    expect(harmlessLine(' a\n b\x07 ')).toBe('a b\uFFFD');
  });
});
