// What jest's JSON report of one run says, as scripts/test.js tells it.
import { readFileSync } from 'node:fs';
import { relative } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { ROOT } from './root.js';

const LINES_OF_WHY = 15;
const CHARACTERS_OF_LINE = 300;

/**
 * What a run counts, and each file of it: the names of what passed and of what failed, and why.
 * Nothing where jest ended before it wrote a report.
 */
export function readReport(path) {
  let results;
  try {
    results = JSON.parse(readFileSync(path, 'utf8')).testResults;
  } catch {
    return { ...total([]), files: [] };
  }
  const files = results.map(readFile);
  return { ...total(files), files };
}

function total(counted) {
  const sum = (key) => counted.reduce((all, one) => all + one[key], 0);
  return { passed: sum('passed'), failed: sum('failed'), skipped: sum('skipped') };
}

function readFile({ name, status, message, assertionResults }) {
  const file = relative(ROOT, name);
  const having = (wanted) => assertionResults.filter((result) => result.status === wanted);
  const [failures, passes] = [having('failed'), having('passed')];
  // A file that cannot be loaded has no failed test, and is a failure nevertheless.
  const isBroken = status === 'failed' && failures.length === 0;
  return {
    file,
    passed: passes.length,
    failed: isBroken ? 1 : failures.length,
    skipped: assertionResults.length - passes.length - failures.length,
    namesPassed: passes.map(({ fullName }) => fullName),
    namesFailed: failures.map(({ fullName }) => fullName),
    why: isBroken
      ? [`${file}\n${firstLines(message)}`]
      : failures.map(
          ({ fullName, failureMessages }) =>
            `${file}: ${fullName}\n${firstLines(failureMessages.join('\n'))}`,
        ),
  };
}

function firstLines(text) {
  const lines = stripVTControlCharacters(text).split('\n').slice(0, LINES_OF_WHY);
  return lines.map((line) => `    ${line.slice(0, CHARACTERS_OF_LINE)}`).join('\n');
}
