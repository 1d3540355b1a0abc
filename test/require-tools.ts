import { execFileSync } from 'node:child_process';

/**
 * `describe` for tests that need programs of this machine. Where one is missing they are skipped
 * with one line, or fail where CI=true, since there nothing may be missing.
 *
 * @param further what another requirement gave: where that skips, it has said why, and this does too
 */
export function requireTools(tools: readonly string[], further = describe): jest.Describe {
  if (further !== describe) return further;
  const missing = tools.filter((tool) => !isInstalled(tool));
  if (missing.length === 0) return describe;
  const line = `${missing.join(', ')} not found: skipped; install with: apt-get install ${missing.join(' ')}`;
  if (process.env['CI'] === 'true') throw new Error(line);
  process.stderr.write(`${line}\n`);
  return describe.skip;
}

function isInstalled(tool: string): boolean {
  try {
    execFileSync('sh', ['-c', 'command -v "$1"', 'sh', tool], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}
