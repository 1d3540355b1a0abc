import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { ROOT } from '../root.js';
import { runCommand } from '../run-command.js';
import { AMUN } from './amun.js';
import { EXAMPLE } from './choose-base.js';

/**
 * Runs the example against the service, with its progress on the terminal. Resolves to {code, id,
 * output}: the exit code of `amun inspect`, the inspection's id, and what its script printed.
 */
export async function runExample(url, base) {
  const chosen = base === undefined ? [] : ['--base', base];
  const args = [AMUN, 'inspect', EXAMPLE, '--url', url, ...chosen];
  const child = spawn(process.execPath, args, { cwd: ROOT, stdio: ['ignore', 'pipe', 'inherit'] });
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text) => {
    output += text;
  });
  const [code] = await once(child, 'close');
  return { code: code ?? 1, id: await newestId(url), output };
}

async function newestId(url) {
  const args = [AMUN, 'list', '--limit', '1', '--json', '--url', url];
  const { stdout } = await runCommand(process.execPath, args);
  try {
    return JSON.parse(stdout).items[0].inspection_id;
  } catch {
    return 'ID';
  }
}
