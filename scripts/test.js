// What `npm test` runs: lint, types, unit tests, tests against the real thing; with arguments, the
// tests whose paths fit them. The last line counts them.
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { spawn } from 'node:child_process';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { readReport } from './jest-report.js';
import { ROOT } from './root.js';

const wanted = process.argv.slice(2);
const reports = mkdtempSync(join(tmpdir(), 'amun-test-'));
const counts = { passed: 0, failed: 0, skipped: 0 };
/** What failed, said again at the end: the output above is long. */
const failures = [];
/** What failed, and did not when it was asked again. */
const unsteady = [];

/**
 * A shared machine stands still for seconds now and then, and real servers with it. So a few files
 * may be asked twice; where more fail, something is broken.
 */
const MOST_ASKED_AGAIN = 3;

/** The longest that the tests of one project may take: what hangs is ended, and is a failure. */
const MOST_MS = 40 * 60_000;
/** From the signal until whoever does not listen to it is killed. */
const GRACE_MS = 10_000;
/** What runs, with all processes that it started. */
let running;
process.on('exit', () => rmSync(reports, { recursive: true, force: true }));
for (const signal of ['SIGINT', 'SIGTERM']) {
  process.on(signal, () => {
    if (running === undefined) process.exit(1);
    running.isOver = true;
    end(running.child, signal);
  });
}

function end(child, signal) {
  kill(child, signal);
  setTimeout(() => kill(child, 'SIGKILL'), GRACE_MS).unref();
}

/** The whole group: what jest leaves to its workers goes too. */
function kill({ pid }, signal) {
  try {
    process.kill(-pid, signal);
  } catch (error) {
    if (error.code !== 'ESRCH') throw error;
  }
}

/** Runs a tool of node_modules. @returns its exit code; null where it was ended */
async function run(name, program, args, environment = {}) {
  const started = Date.now();
  console.log(`\n> ${name}`);
  const child = spawn(process.execPath, [toolPath(program), ...args], {
    cwd: ROOT,
    env: { ...process.env, ...environment },
    stdio: 'inherit',
    detached: true,
  });
  running = { child, isOver: false };
  const timer = setTimeout(() => end(child, 'SIGTERM'), MOST_MS);
  const [status] = await once(child, 'exit');
  clearTimeout(timer);
  if (running.isOver) process.exit(1);
  running = undefined;
  sayEnd(name, status, started);
  return status;
}

/**
 * A step that says nothing until it has ended, so that several can go on at once. It counts as a
 * failure where something is wrong; what is well is not counted.
 */
async function check(name, program, args) {
  const started = Date.now();
  const child = spawn(process.execPath, [toolPath(program), ...args], { cwd: ROOT });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text) => (output += text));
  }
  const [status] = await once(child, 'close');
  console.log(`\n> ${name}`);
  process.stdout.write(output);
  sayEnd(name, status, started);
  if (status === 0) return;
  counts.failed += 1;
  failures.push(name);
}

function toolPath(program) {
  return join(ROOT, 'node_modules', program);
}

function sayEnd(name, status, started) {
  const seconds = Math.round((Date.now() - started) / 1000);
  console.log(`> ${name}: ${status === 0 ? 'ok' : 'FAILED'} (${seconds} s)`);
}

/**
 * Runs the tests of a project. With `mayAskAgain` a few files that failed are asked a second time, one
 * after the other. Where all that failed passes then, that is told as unsteady, and does not fail the
 * whole.
 */
async function jest(project, args, { mayAskAgain = false } = {}) {
  const first = await runJest(project, ['--passWithNoTests', ...args, ...wanted]);
  const failed = first.files.filter((file) => file.failed > 0);
  add(first);
  const isFew = failed.length > 0 && failed.length <= MOST_ASKED_AGAIN;
  // Jest ends with 1 where tests failed; a run that hung was ended otherwise.
  if (!mayAskAgain || !isFew || first.status !== 1) {
    failures.push(...first.why);
    return;
  }
  console.log(`\n> once more: ${failed.map(({ file }) => file).join(' ')}`);
  const again = ['--runTestsByPath', ...failed.map(({ file }) => join(ROOT, file))];
  const second = await runJest(project, ['--maxWorkers=1', '--forceExit', ...again]);
  for (const file of failed) {
    const now = second.files.find((one) => one.file === file.file);
    if (now === undefined || !hasMended(file, now)) {
      failures.push(...file.why);
      continue;
    }
    add(file, -1);
    add(now);
    unsteady.push(...file.why);
  }
}

/** Whether all that failed in a file passes now: what is skipped does not. */
function hasMended(before, now) {
  const passed = new Set(now.namesPassed);
  return now.failed === 0 && now.passed > 0 && before.namesFailed.every((name) => passed.has(name));
}

function add({ passed, failed, skipped }, sign = 1) {
  counts.passed += sign * passed;
  counts.failed += sign * failed;
  counts.skipped += sign * skipped;
}

async function runJest(project, args) {
  const report = join(reports, `${project}.json`);
  rmSync(report, { force: true });
  const status = await run(
    `${project} tests`,
    'jest/bin/jest.js',
    [...['--selectProjects', project], ...['--json', '--outputFile', report, ...args]],
    {
      NODE_OPTIONS:
        `${process.env.NODE_OPTIONS ?? ''} --experimental-vm-modules --no-warnings`.trim(),
    },
  );
  const found = readReport(report);
  const why = found.files.flatMap((file) => file.why);
  // Jest itself failed, or was ended.
  const isBroken = status !== 0 && why.length === 0;
  return { ...found, status, ...(isBroken ? { failed: 1, why: [`${project} tests`] } : { why }) };
}

if (wanted.length === 0) {
  await Promise.all([
    check('lint', 'eslint/bin/eslint.js', ['.']),
    check('format', 'prettier/bin/prettier.cjs', ['--check', '--log-level', 'warn', '.']),
    check('types', 'typescript/bin/tsc', ['--noEmit']),
  ]);
}
// Many wait more than they compute, for timers or for engines: one more than there are cores keeps
// those busy. More engines at once would only be in each other's way.
const workers = availableParallelism() + 1;
await jest('unit', [`--maxWorkers=${workers}`]);
await jest('real', [`--maxWorkers=${Math.min(workers, 3)}`], { mayAskAgain: true });
// Each has a Kubernetes of its own.
// One worker is jest itself: what a test that failed left open would keep all results waiting.
await jest('cluster', ['--maxWorkers=1', '--forceExit'], { mayAskAgain: true });

if (wanted.length > 0 && counts.passed + counts.failed + counts.skipped === 0) {
  console.log(`\nNo test fits ${wanted.join(' ')}.`);
  counts.failed = 1;
}
if (unsteady.length > 0) {
  console.log(`\nUnsteady, failed first and passed when asked again:\n${unsteady.join('\n')}`);
}
if (failures.length > 0) console.log(`\nFailed:\n${failures.join('\n')}`);
console.log(`\n${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`);
process.exitCode = counts.failed === 0 ? 0 : 1;
