import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ProcessPlan } from '../../../cli/up/supervised-process.js';

/** Says in the journal that it began and, at SIGTERM, that it ends; ends with its parent. */
const PROGRAM = `
  const { appendFileSync } = require('node:fs');
  const [name, journal, mode] = process.argv.slice(1);
  const note = (what) => appendFileSync(journal, what + ' ' + name + ' ' + process.pid + '\\n');
  process.on('SIGTERM', () => {
    if (mode === 'stubborn') return;
    setTimeout(() => { note('end'); process.exit(0); }, 50);
  });
  process.on('disconnect', () => process.exit(1));
  if (mode === 'broken') { console.error('no way to start'); process.exit(7); }
  setInterval(() => {}, 1000);
  console.log('log line of ' + name);
  note('begin');
`;

export type Mode = 'good' | 'broken' | 'stubborn';

/** A small process that is ready as soon as it has written to `<folder>/journal`. */
export function fixturePlan(folder: string, name: string, mode: Mode = 'good'): ProcessPlan {
  const journal = join(folder, 'journal');
  let pid = 0;
  return {
    name,
    command: process.execPath,
    args: ['-e', PROGRAM, name, journal, mode],
    environment: { NODE_OPTIONS: '' },
    logFile: join(folder, `${name}.log`),
    followsParent: true,
    onStart: (started) => {
      pid = started;
    },
    probe: () =>
      Promise.resolve(
        journalOf(folder).includes(`begin ${name} ${pid}`) ? undefined : 'it has not begun',
      ),
  };
}

/** What the processes of a folder have done, in order: "begin NAME PID", "end NAME PID". */
export function journalOf(folder: string): string[] {
  const file = join(folder, 'journal');
  if (!existsSync(file)) return [];
  return readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line !== '');
}
