import { statSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './root.js';
import { runCommand } from './run-command.js';

/** npm writes this at the end of every installation. */
const INSTALLED = join(ROOT, 'node_modules', '.package-lock.json');
const WANTED = join(ROOT, 'package-lock.json');

/** Runs `npm ci` where dependencies are missing or older than the lock; true where that worked. */
export async function ensureDependencies(say) {
  if (timeOf(INSTALLED) >= timeOf(WANTED)) return true;
  say('Installing the npm dependencies (npm ci) …');
  // Builds need the development ones, whatever NODE_ENV says.
  const { code, output } = await runCommand('npm', ['ci', '--include=dev', '--no-progress']);
  if (code !== 0) say(`${output.trim()}\nnpm ci failed; mend what it says, then start again.`);
  return code === 0;
}

function timeOf(file) {
  return statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0;
}
