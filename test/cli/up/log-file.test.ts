import { closeSync, readFileSync, writeFileSync, writeSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { lastLines, openLog, shortenLog } from '../../../cli/up/log-file.js';

let folder: string;
let file: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'amun-log-'));
  file = join(folder, 'x.log');
});

afterEach(() => rm(folder, { recursive: true, force: true }));

function append(text: string, limit: number): void {
  const descriptor = openLog(file, limit);
  writeSync(descriptor, text);
  closeSync(descriptor);
}

describe('openLog', () => {
  it('appends, and begins anew once the log is too long', () => {
    append('first\n', 8);
    append('second\n', 8);
    expect(readFileSync(file, 'utf8')).toBe('first\nsecond\n');
    append('third\n', 8);
    expect(readFileSync(file, 'utf8')).toBe('third\n');
    expect(readFileSync(`${file}.1`, 'utf8')).toBe('first\nsecond\n');
  });
});

describe('shortenLog', () => {
  it('empties a log under its writer, who goes on at the beginning', () => {
    const descriptor = openLog(file);
    writeSync(descriptor, 'a long beginning\n');
    shortenLog(file, 1_000);
    expect(readFileSync(file, 'utf8')).toBe('a long beginning\n');
    shortenLog(file, 5);
    writeSync(descriptor, 'more\n');
    closeSync(descriptor);
    expect(readFileSync(file, 'utf8')).toBe('more\n');
    expect(readFileSync(`${file}.1`, 'utf8')).toBe('a long beginning\n');
  });
});

describe('lastLines', () => {
  it('reads the end of a log of any size', () => {
    expect(lastLines(file, 2)).toEqual([]);
    writeFileSync(file, `${'x'.repeat(10_000)}\none\n\ntwo\nthree`);
    expect(lastLines(file, 2)).toEqual(['two', 'three']);
  });
});
