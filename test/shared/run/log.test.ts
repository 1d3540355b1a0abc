import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { findShells, whereIs } from './shells.js';

const folder = mkdtempSync(path.join(tmpdir(), 'amun-log-'));
const shells = findShells(folder);
const parts = ['preamble.sh', 'entrypoint/log.sh'].map((name) =>
  readFileSync(path.join('shared/run', name), 'utf8'),
);

afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

describe.each(shells)('the log under $name', ({ command: [program, ...first] }) => {
  /** What reaches a log that is full at first while `write` writes and children end meanwhile. */
  function writeIntoFullLog(write: string): string {
    const script = [
      ...parts,
      'amun_mark=M amun_line_head="" amun_line_end=$amun_newline amun_mark_end=""',
      '{',
      '  exec 8>&1',
      // By its path: busybox would take its own, which cannot write without blocking.
      `  ${whereIs('dd')} if=/dev/zero of=/proc/self/fd/8 oflag=nonblock bs=4096 2>/dev/null`,
      '  sleep 0.3 & sleep 0.9 &',
      `  ${write}`,
      '  wait',
      '} | { sleep 0.6; dd bs=8192 count=1 2>/dev/null; sleep 0.6; cat; }',
    ].join('\n');
    return execFileSync(program, [...first, '-c', script], { encoding: 'latin1' }).replaceAll(
      '\0',
      '',
    );
  }

  it('gets a mark once and whole though signals come while it waits', () => {
    expect(writeIntoFullLog("sleep 0.1; amun_put '%s' a mark; amun_put '%s\\n' .")).toBe(
      'amark.\n',
    );
  });

  it('gets a long report whole, and nothing else but reports that were cut off', () => {
    const long = 'x'.repeat(20_000);
    const reports = writeIntoFullLog(`amun_write_long_report ${long}`).trimEnd().split('\n');
    expect(reports.at(-1)).toBe(`M:r:${long}`);
    for (const report of reports) expect(report).toMatch(/^M:r:x*$/);
  });
});
