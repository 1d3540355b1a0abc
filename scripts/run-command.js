import { spawn } from 'node:child_process';
import { ROOT } from './root.js';

/**
 * Runs a program in the checkout. Resolves to {code, stdout, output}: its exit code (null where a
 * signal ended it or it is not there), and what it wrote where `show` is not set.
 */
export function runCommand(command, args, { show = false, environment = {}, timeoutMs } = {}) {
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      cwd: ROOT,
      env: { ...process.env, ...environment },
      stdio: show ? 'inherit' : ['ignore', 'pipe', 'pipe'],
      timeout: timeoutMs,
    });
    let stdout = '';
    let output = '';
    child.stdout?.setEncoding('utf8').on('data', (text) => {
      stdout += text;
      output += text;
    });
    child.stderr?.setEncoding('utf8').on('data', (text) => {
      output += text;
    });
    child.on('error', (error) =>
      resolve({ code: null, stdout, output: `${output}${error.message}` }),
    );
    child.on('close', (code) => resolve({ code, stdout, output }));
  });
}
