import { createHash } from 'node:crypto';
import type { RunObservation } from '../../../shared/inspection/observation.js';
import { USAGE_FIELDS } from '../../../shared/inspection/report.js';
import { makeReport } from '../../../shared/run/make-report.js';
import type { ParsedRunLog } from '../../../shared/run/parse-run-log.js';
import type { RawReport } from '../../../shared/run/raw-report.js';

function logOf(stdout: string | Buffer, report?: RawReport): ParsedRunLog {
  const empty = { stderr: Buffer.from('err'), stdoutDropped: 0, stderrDropped: 0 };
  const base = { ...empty, stdout: Buffer.from(stdout) };
  return report === undefined ? base : { ...base, report };
}

const told: RawReport = {
  exit_code: 0,
  script_sha256: 'ab'.repeat(32),
  start_datetime: '2026-01-01T00:00:00.000Z',
  end_datetime: '2026-01-01T00:00:01.000Z',
  hostname: 'node',
  os_release: { id: 'debian', version_id: '12' },
  runtime_environment: {
    cuda_version: null,
    hardware: { cpu_family: 6, cpu_model: 85 },
    operating_system: { name: 'debian', version: '12' },
    python_version: '3.11',
  },
  hwinfo: { platform: {} },
  usage: { ru_utime: 0.5, ru_maxrss: 1000 },
};
/** What clients refuse where it is null. */
const DEMANDED = [
  'exit_code',
  'hwinfo',
  'script_sha256',
  'stderr',
  'stdout',
  'usage',
  'runtime_environment',
  'os_release',
];

describe('makeReport', () => {
  it('hands on what the run says of itself', () => {
    const report = makeReport({ log: logOf('{"a": 1}\n', told) });
    expect(report).toMatchObject({
      exit_code: 0,
      stdout: { a: 1 },
      stderr: 'err',
      hostname: 'node',
      os_release: told.os_release,
      runtime_environment: told.runtime_environment,
      start_datetime: '2026-01-01T00:00:00.000Z',
      datetime: '2026-01-01T00:00:00.000Z',
      report_source: 'entrypoint',
      reason: null,
    });
    expect(Object.keys(report.usage)).toEqual([...USAGE_FIELDS]);
    expect(report.usage.ru_utime).toBe(0.5);
    expect(report.usage.ru_nvcsw).toBeNull();
  });

  it('makes a report of what the cluster saw where there is none', () => {
    const observation: RunObservation = {
      item: 0,
      state: 'terminated',
      exitCode: 137,
      reason: 'OutOfMemory',
      message: 'container killed',
      startedAt: '2026-01-01T00:00:00Z',
      finishedAt: '2026-01-01T00:00:05Z',
    };
    const report = makeReport({ log: logOf('partial'), observation, script: 'true' });
    expect(report).toMatchObject({
      exit_code: 137,
      stdout: 'partial',
      report_source: 'observed',
      reason: 'OutOfMemory',
      message: 'container killed',
      end_datetime: '2026-01-01T00:00:05Z',
      script_sha256: createHash('sha256').update('true').digest('hex'),
    });
    for (const key of DEMANDED) expect(report).toHaveProperty(key, expect.anything());
  });

  it.each<[number, Partial<RunObservation>, string | null]>([
    [0, {}, 'is missing'],
    [1, { reason: 'ScriptFailed' }, 'is missing'],
    [137, { reason: 'OutOfMemory' }, null],
  ])('says of exit code %d, %j that the end of its log is missing: %s', (exitCode, seen, said) => {
    const observation: RunObservation = { item: 0, state: 'terminated', exitCode, ...seen };
    const { message } = makeReport({ log: logOf('partial'), observation });
    if (said === null) expect(message).toBeNull();
    else expect(message).toContain(said);
    expect(
      makeReport({ log: logOf('', { ...told, exit_code: exitCode }), observation }).message,
    ).toBeNull();
  });

  it('has all that clients demand even where nothing at all is known', () => {
    const report = makeReport({ log: logOf('') });
    expect(report.exit_code).toBe(-1);
    expect(report.reason).toBe('Lost');
    for (const key of DEMANDED) expect(report).toHaveProperty(key, expect.anything());
  });

  it.each<[string, unknown]>([
    ['{"a":[1,2]}', { a: [1, 2] }],
    ['  [1]\n', [1]],
    ['42\n', 42],
    ['true', true],
    ['null', 'null'],
    ['3.10\n', '3.10\n'],
    ['12345678901234567890', '12345678901234567890'],
    ['{"a":1} {"b":2}', '{"a":1} {"b":2}'],
    ['plain', 'plain'],
    ['', ''],
  ])('reads stdout %j as %j', (text, expected) => {
    const { stdout } = makeReport({ log: logOf(text, told) });
    expect(stdout).toEqual(expected);
  });

  it('leaves output as text that could not be written as JSON again, or is very large', () => {
    const deep = '['.repeat(200_000) + ']'.repeat(200_000);
    const large = JSON.stringify('x'.repeat(5 * 1024 * 1024));
    for (const text of [deep, large]) {
      const report = makeReport({ log: logOf(text, told) });
      expect(report.stdout).toBe(text);
      expect(() => JSON.stringify(report)).not.toThrow();
    }
  });

  it('believes no wrong types', () => {
    const wild: RawReport = {
      ...told,
      hostname: 5,
      os_release: { id: 7, name: 'x' },
      hwinfo: [],
      usage: 'much',
      runtime_environment: null,
    };
    expect(makeReport({ log: logOf('', wild) })).toMatchObject({
      hostname: '',
      os_release: { name: 'x' },
      hwinfo: {},
      runtime_environment: { cuda_version: null, hardware: { cpu_family: null } },
    });
  });

  it('counts what is missing of the output: cut, not kept, or lost on the way', () => {
    const log = {
      ...logOf('0123456789', {
        ...told,
        stdout_bytes: 100,
        stdout_cut: 7,
        stderr_bytes: 3,
        stderr_cut: 0,
      }),
      stdoutDropped: 20,
    };
    expect(makeReport({ log })).toMatchObject({ stdout_cut: 7 + 20 + 70, stderr_cut: 0 });
  });
});
