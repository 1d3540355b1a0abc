import fc from 'fast-check';
import { decide, endingOfJob, type Situation } from '../../../shared/inspection/decide.js';
import type { BuildObservation, JobObservation } from '../../../shared/inspection/observation.js';
import { PHASES } from '../../../shared/inspection/phase.js';
import type { InspectionRecord } from '../../../shared/inspection/record.js';

const record: InspectionRecord = {
  id: 'inspection-0123456789abcdef',
  created: '2026-01-01T00:00:00.000Z',
  phase: 'queued',
  buildId: `build-${'a'.repeat(32)}-1`,
  buildReused: false,
  batchSize: 2,
  hasScript: true,
  sendMessages: true,
  forceSync: false,
};
const built: BuildObservation = { state: 'terminated', exitCode: 0, image: 'sha256:1' };
const running: JobObservation = { state: 'running', runs: [] };
const over: JobObservation = { state: 'terminated', runs: [] };

const situation = (part: Partial<InspectionRecord>, rest: Partial<Situation> = {}): Situation => ({
  record: { ...record, ...part },
  build: undefined,
  job: undefined,
  ...rest,
});

describe('decide', () => {
  it.each([
    ['a build under way is waited for', situation({}), 'wait'],
    ['a good build starts the job', situation({}, { build: built }), 'start-job'],
    [
      'a build cancelled for somebody else is made again',
      situation({}, { build: { state: 'terminated', reason: 'Cancelled' } }),
      'rebuild',
    ],
    ['a running job is waited for', situation({ phase: 'running' }, { job: running }), 'wait'],
    [
      'a job that ended is collected',
      situation({ phase: 'running' }, { job: over }),
      'collect-job',
    ],
    [
      'a job that ended before its start was noted is collected',
      situation({ phase: 'queued' }, { build: built, job: over }),
      'collect-job',
    ],
    [
      'a cancelled job is waited for until it has ended',
      situation({ phase: 'running', cancelRequested: true }, { job: running }),
      'wait',
    ],
    ['an ended inspection is settled', situation({ phase: 'failed' }, { job: over }), 'settle'],
  ])('%s', (_, given, step) => {
    expect(decide(given).step).toBe(step);
  });

  it('ends build-only inspections with their build', () => {
    const ending = decide(situation({ hasScript: false }, { build: built }));
    expect(ending).toEqual({ step: 'finish', ending: { phase: 'succeeded' } });
  });

  it("ends with the failed build's reason and the cluster's words", () => {
    const build: BuildObservation = {
      state: 'terminated',
      reason: 'BaseImageNotFound',
      message: 'no such host',
    };
    expect(decide(situation({}, { build }))).toEqual({
      step: 'finish',
      ending: {
        phase: 'failed',
        reason: 'BaseImageNotFound',
        message:
          'The base image could not be pulled; check its name, and that its registry can be reached. (no such host)',
      },
    });
  });

  it('calls a job lost that was running and is nowhere', () => {
    expect(decide(situation({ phase: 'running' }, { build: built }))).toMatchObject({
      step: 'finish',
      ending: { phase: 'failed', reason: 'Lost' },
    });
  });

  it('cancels at once what has no job', () => {
    expect(decide(situation({ cancelRequested: true }, { build: built }))).toMatchObject({
      step: 'finish',
      ending: { phase: 'cancelled', reason: 'Cancelled' },
    });
  });

  it('never leaves an end, whatever is observed', () => {
    const ends = fc.constantFrom(...PHASES.slice(3));
    const state = fc.constantFrom('waiting' as const, 'running' as const, 'terminated' as const);
    const job = fc.option(fc.record({ state, runs: fc.constant([]) }), { nil: undefined });
    fc.assert(
      fc.property(ends, job, fc.boolean(), (phase, seen, cancelRequested) => {
        const given = situation({ phase, cancelRequested }, { build: built, job: seen });
        expect(decide(given)).toEqual({ step: 'settle' });
      }),
    );
  });
});

describe('endingOfJob', () => {
  it('succeeds when every run ended with 0', () => {
    const runs = [
      { item: 0, exitCode: 0 },
      { item: 1, exitCode: 0 },
    ];
    expect(endingOfJob(over, runs)).toEqual({ phase: 'succeeded' });
  });

  it('names the first failure and counts all', () => {
    const runs = [
      { item: 0, exitCode: 0 },
      { item: 1, exitCode: null, reason: 'OutOfMemory' as const },
      { item: 2, exitCode: 4, reason: 'ScriptFailed' as const },
    ];
    const ending = endingOfJob(over, runs);
    expect(ending).toMatchObject({ phase: 'failed', reason: 'OutOfMemory' });
    expect(ending.message).toContain('2 of 3 runs');
  });

  it('is cancelled when a run was', () => {
    const runs = [
      { item: 0, exitCode: 1, reason: 'ScriptFailed' as const },
      { item: 1, exitCode: null, reason: 'Cancelled' as const },
    ];
    expect(endingOfJob(over, runs)).toMatchObject({ phase: 'cancelled', reason: 'Cancelled' });
  });
});
