import {
  createBuildComplete,
  createDeadLetter,
  createInspectionComplete,
  createInspectionSubmitted,
  createJobComplete,
} from '../../../shared/events/create-event.js';
import { parseEvent } from '../../../shared/events/parse-event.js';
import type { InspectionRecord } from '../../../shared/inspection/record.js';

const BUILD_ID = `build-${'ab'.repeat(16)}-2`;
const INSPECTION_ID = 'inspection-numpy-0123456789abcdef';
const NOW = new Date('2024-05-01T12:00:00.000Z');

const record: InspectionRecord = {
  id: INSPECTION_ID,
  created: '2024-05-01T11:00:00.000Z',
  phase: 'failed',
  buildId: BUILD_ID,
  buildReused: false,
  batchSize: 20,
  hasScript: true,
  sendMessages: true,
  forceSync: true,
  reason: 'ScriptFailed',
  message: 'exit code 3 in 20 of 20 runs',
  finished: '2024-05-01T11:30:00.000Z',
};

const bytes = (value: unknown) => new TextEncoder().encode(JSON.stringify(value));

describe('events', () => {
  it('have an id that follows from what happened', () => {
    expect(createInspectionSubmitted(record).id).toBe(`inspection-submitted-${INSPECTION_ID}`);
    expect(createBuildComplete(BUILD_ID).id).toBe(`build-complete-${BUILD_ID}`);
    expect(createJobComplete(INSPECTION_ID).id).toBe(`job-complete-${INSPECTION_ID}`);
    expect(createInspectionComplete(record).id).toBe(`inspection-complete-${INSPECTION_ID}`);
  });

  it('have another id for each hint', () => {
    expect(createBuildComplete(BUILD_ID, { hint: '7' }).id).toBe(`build-complete-${BUILD_ID}-7`);
    expect(createJobComplete(INSPECTION_ID, { hint: '8' }).id).toBe(
      `job-complete-${INSPECTION_ID}-8`,
    );
  });

  it('are whole CloudEvents', () => {
    expect(createBuildComplete(BUILD_ID, { time: NOW })).toEqual({
      specversion: '1.0',
      id: `build-complete-${BUILD_ID}`,
      type: 'amun.build.complete',
      source: '/amun/watcher',
      subject: BUILD_ID,
      time: '2024-05-01T12:00:00.000Z',
      datacontenttype: 'application/json',
      data: { build_id: BUILD_ID },
    });
  });

  it('tell how an inspection ended', () => {
    expect(createInspectionComplete(record)).toMatchObject({
      time: record.finished,
      data: {
        inspection_id: INSPECTION_ID,
        build_id: BUILD_ID,
        phase: 'failed',
        force_sync: true,
        batch_size: 20,
        finished: record.finished,
        reason: 'ScriptFailed',
        message: 'exit code 3 in 20 of 20 runs',
      },
    });
  });

  it('are read back as they were made', () => {
    const letter = {
      function: 'on-job-complete',
      topic: 'amun.job.complete',
      body: bytes({ any: 'thing' }),
      attempts: 5,
      reason: 'It answered 500 each time.',
      status: 500,
    };
    for (const event of [
      createInspectionSubmitted(record),
      createBuildComplete(BUILD_ID, { hint: 'round-1' }),
      createJobComplete(INSPECTION_ID),
      createInspectionComplete(record),
      createInspectionComplete({ ...record, message: 'x'.repeat(100_000) }),
      createDeadLetter(letter),
      createDeadLetter({ ...letter, body: Buffer.alloc(900_000, '"\n') }),
      createDeadLetter({ ...letter, body: Uint8Array.of(0xff, 0, 1) }),
    ]) {
      expect(parseEvent(bytes(event))).toEqual(event);
    }
  });
});

describe('createDeadLetter', () => {
  const letter = { function: 'f', topic: 't', attempts: 1, reason: 'r' };

  it('makes the same event of the same message, whenever it is given up', () => {
    const one = createDeadLetter({ ...letter, body: bytes('a') }, NOW);
    const same = createDeadLetter({ ...letter, body: bytes('a'), attempts: 2 });
    const other = createDeadLetter({ ...letter, body: bytes('b') });
    expect(same.id).toBe(one.id);
    expect(other.id).not.toBe(one.id);
  });

  it('tells messages of the same body apart by their ids', () => {
    const [one, other] = ['call-1', 'call-2'].map((messageId) =>
      createDeadLetter({ ...letter, body: bytes('a'), messageId }),
    );
    expect(one?.id).not.toBe(other?.id);
  });

  it('says what it had to cut', () => {
    const { data } = createDeadLetter({ ...letter, body: Buffer.alloc(500_000, 'x') });
    expect(data.truncated).toBe(true);
    expect((data.body as string).length).toBeLessThan(200_000);
    expect(createDeadLetter({ ...letter, body: bytes('x') }).data.truncated).toBe(false);
  });
});
