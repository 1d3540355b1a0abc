import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { quoteForShell, shellLine } from '../../../services/local-cluster/shell-line.js';

function sh(line: string): string {
  return execFileSync('/bin/sh', ['-c', line], { encoding: 'utf8' });
}

describe('what process 1 is told', () => {
  it('gives every word on as it is', () => {
    const word = fc.string({ unit: 'grapheme' }).filter((text) => !text.includes('\0'));
    fc.assert(
      fc.property(fc.array(word, { minLength: 1, maxLength: 4 }), (words) => {
        const line = shellLine([], ['printf', '%s|', ...words]);
        expect(sh(line)).toBe(words.map((text) => `${text}|`).join(''));
      }),
      { numRuns: 60 },
    );
  });

  it('keeps the init step silent and goes on whatever comes of it', () => {
    const init = ['sh', '-c', 'echo out; echo err >&2; exit 3'];
    expect(sh(shellLine(init, ['echo', "it's me"]))).toBe("it's me\n");
    expect(sh(shellLine(['/no/such/program'], ['echo', 'me']))).toBe('me\n');
  });

  it('puts the command in the shell’s place', () => {
    expect(sh(shellLine([], ['sh', '-c', 'echo $PPID']))).toBe(`${process.pid}\n`);
  });

  it('quotes quotes', () => {
    expect(quoteForShell("a'b")).toBe(String.raw`'a'\''b'`);
  });
});
