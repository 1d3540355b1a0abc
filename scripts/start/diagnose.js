import { runCommand } from '../run-command.js';
import { AMUN } from './amun.js';

/** What `amun doctor` finds: {ready, checks: [{name, ok, needed, detail, remedy}], install}. */
export async function diagnose({ dir, port }) {
  const args = [AMUN, 'doctor', '--json', '--dir', dir, '--port', port];
  const { stdout, output } = await runCommand(process.execPath, args);
  try {
    return JSON.parse(stdout);
  } catch {
    throw new Error(`amun doctor failed: ${output.trim()}`);
  }
}

/** One of its checks, by name. */
export function checkNamed(diagnosis, name) {
  return diagnosis.checks.find((check) => check.name === name);
}
