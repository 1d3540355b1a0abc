import type { RunObservation } from '../../../shared/inspection/observation.js';
import type { RawReport } from '../../../shared/run/raw-report.js';
import { believeReport, reasonOfRun } from '../../../shared/run/reason-of-run.js';

const ended = (rest: Partial<RunObservation>): RunObservation => ({
  item: 0,
  state: 'terminated',
  ...rest,
});

describe('reasonOfRun', () => {
  it.each<[string, RunObservation | undefined, RawReport | undefined, string | undefined]>([
    ['a good end', ended({ exitCode: 0 }), { exit_code: 0 }, undefined],
    [
      'a failing script',
      ended({ exitCode: 3, reason: 'ScriptFailed' }),
      { exit_code: 3 },
      'ScriptFailed',
    ],
    ['a report without a word of the cluster', undefined, { exit_code: 2 }, 'ScriptFailed'],
    [
      'a script that was not fetched',
      ended({ exitCode: 1, reason: 'ScriptFailed' }),
      { exit_code: 1, fetch_error: '404' },
      'ScriptNotFetched',
    ],
    [
      'memory, told by the kernel only',
      ended({ exitCode: 137, reason: 'ScriptFailed' }),
      { exit_code: 137, oom_kills: 1 },
      'OutOfMemory',
    ],
    [
      'a script that killed itself',
      ended({ exitCode: 137 }),
      { exit_code: 137, oom_kills: 0 },
      'ScriptFailed',
    ],
    [
      'a child of the script out of memory',
      ended({ exitCode: 0 }),
      { exit_code: 0, oom_kills: 1 },
      undefined,
    ],
    [
      'memory, told by the cluster',
      ended({ exitCode: 137, reason: 'OutOfMemory' }),
      undefined,
      'OutOfMemory',
    ],
    [
      'the deadline, with a report',
      ended({ exitCode: 143, reason: 'DeadlineExceeded' }),
      { exit_code: 143 },
      'DeadlineExceeded',
    ],
    ['no report, bad end', ended({ exitCode: 137 }), undefined, 'ScriptFailed'],
    ['no report, good end', ended({ exitCode: 0 }), undefined, undefined],
    ['nothing known', ended({}), undefined, 'Lost'],
    ['a forged report of success', ended({ exitCode: 137 }), { exit_code: 0 }, 'ScriptFailed'],
  ])('%s', (_, observation, report, reason) => {
    expect(reasonOfRun(observation, report)).toBe(reason);
  });
});

describe('believeReport', () => {
  it('believes no report that contradicts the cluster', () => {
    const report = { exit_code: 0 };
    expect(believeReport(ended({ exitCode: 137 }), report)).toBeUndefined();
    expect(believeReport(ended({ exitCode: 0 }), report)).toBe(report);
    expect(believeReport(ended({}), report)).toBe(report);
  });
});
