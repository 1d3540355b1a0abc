import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './root.js';
import { runCommand } from './run-command.js';

const SOURCES = [
  'cli',
  'client',
  'functions',
  'services',
  'shared',
  'scripts',
  'package-lock.json',
];

/** Builds dist/ where it is missing or older than the sources; true where that worked. */
export async function ensureBuilt(say) {
  const built = statSync(join(ROOT, 'dist', 'package.json'), { throwIfNoEntry: false });
  if (SOURCES.every((name) => newestTime(join(ROOT, name)) < (built?.mtimeMs ?? 0))) return true;
  say('Building …');
  return await buildNow(say);
}

/** Builds dist/ anew; true where that worked. */
export async function buildNow(say) {
  const { code, output } = await runCommand(process.execPath, ['scripts/build.js']);
  if (code !== 0) say(`${output.trim()}\nThe build failed.`);
  return code === 0;
}

/** Leaves out what the build itself makes. */
function newestTime(place) {
  const stats = statSync(place, { throwIfNoEntry: false });
  if (stats === undefined || !stats.isDirectory()) return stats?.mtimeMs ?? 0;
  const names = readdirSync(place).filter((name) => name !== 'generated');
  return Math.max(0, ...names.map((name) => newestTime(join(place, name))));
}
