import {
  BUILD_RECORD,
  INSPECTION_RECORD,
  MATRIX_RECORD,
} from '../../../shared/store/record-shapes.js';
import { inspectionRecord } from '../../contract/inspection-record.js';

const full = {
  ...inspectionRecord('inspection-0123456789abcdef'),
  phase: 'failed',
  reason: 'ScriptFailed',
  message: 'm',
  finished: '2024-05-01T12:00:00.000Z',
  cancelRequested: false,
  labels: { team: 'x' },
  build: { state: 'terminated', exitCode: 0, image: 'sha256:0', startedAt: 't', finishedAt: 't' },
  job: {
    startedAt: 't',
    runs: [
      { item: 0, exitCode: 1, reason: 'ScriptFailed' },
      { item: 1, exitCode: null, reason: 'Lost', message: 'gone' },
    ],
  },
};

const build = {
  key: '0'.repeat(32),
  generation: 1,
  id: `build-${'0'.repeat(32)}-1`,
  created: 't',
  outcome: { state: 'terminated', exitCode: 1, reason: 'BuildFailed', message: 'm' },
};

describe('record shapes', () => {
  it('let records through, also those of a newer version', () => {
    for (const record of [inspectionRecord('x'), full, { ...full, novelty: 1 }]) {
      expect(INSPECTION_RECORD(record, '')).toBeUndefined();
    }
    expect(BUILD_RECORD(build, '')).toBeUndefined();
    expect(BUILD_RECORD({ ...build, outcome: undefined }, '')).toBeUndefined();
  });

  it.each<[unknown, string]>([
    [null, 'it must be an object'],
    [[], 'it must be an object'],
    [{ ...full, id: undefined }, 'id must be a string'],
    [{ ...full, phase: 'done' }, 'phase must be one of queued, building'],
    [{ ...full, batchSize: '1' }, 'batchSize must be an integer'],
    [{ ...full, hasScript: 1 }, 'hasScript must be true or false'],
    [{ ...full, reason: 'toString' }, 'reason must be one of'],
    [{ ...full, build: 'ok' }, 'build must be an object'],
    [{ ...full, build: { ...full.build, state: 'x' } }, 'build.state must be one of'],
    [{ ...full, labels: ['x'] }, 'labels must be an object'],
    [{ ...full, labels: { a: 1 } }, 'labels.a must be a string'],
    [{ ...full, job: { runs: {} } }, 'job.runs must be an array'],
    [{ ...full, job: { runs: [{ item: 0, exitCode: 'x' }] } }, 'job.runs[0].exitCode must be'],
  ])('say what is wrong with %j', (record, complaint) => {
    expect(INSPECTION_RECORD(record, '')).toContain(complaint);
  });

  it('say what is wrong with a matrix', () => {
    const matrix = { id: 'm', created: 't', members: [{ name: 'a', inspectionId: 'i' }] };
    expect(MATRIX_RECORD(matrix, '')).toBeUndefined();
    expect(MATRIX_RECORD({ ...matrix, submitted: 't', novelty: 1 }, '')).toBeUndefined();
    expect(MATRIX_RECORD({ ...matrix, members: {} }, '')).toBe('members must be an array');
    expect(MATRIX_RECORD({ ...matrix, members: [{ name: 'a' }] }, '')).toBe(
      'members[0].inspectionId must be a string',
    );
  });

  it('say what is wrong with a build', () => {
    expect(BUILD_RECORD({ ...build, generation: 1.5 }, '')).toBe('generation must be an integer');
    expect(BUILD_RECORD({ ...build, outcome: {} }, '')).toContain('outcome.state must be one of');
  });
});
