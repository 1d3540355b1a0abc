import type { InspectionStatus } from '../../../client/answers.js';
import { describeOutcome } from '../../../cli/output/describe-status.js';

const part = { state: 'terminated', position: null, reason: null, message: null };

function ended(reason: string | null, message: string | null): InspectionStatus {
  return {
    inspection_id: 'inspection-0123456789abcdef',
    phase: reason === null ? 'succeeded' : 'failed',
    reason,
    message,
    position: null,
    created: '2026-01-01T00:00:00Z',
    finished: '2026-01-01T00:00:02Z',
    labels: {},
    build: { ...part, exit_code: 0, reused: false },
    job: { ...part, completions: 0, succeeded: 0, runs: [] },
    advice: null,
  };
}

describe('describeOutcome', () => {
  it('says what Thoth advised, and where to read more', () => {
    const advice = {
      state: 'taken',
      message: 'It is\u001b[2J installed.',
      analysis_id: 'adviser-1',
    };
    const [, ...lines] = describeOutcome({ ...ended(null, null), advice });
    expect(lines).toEqual([
      expect.stringMatching(/^Thoth \(adviser-1\): It is.*installed\.$/),
      '  and why: amun advice inspection-0123456789abcdef',
    ]);
    expect(lines[0]).not.toContain('\u001b');
  });

  it('says that a build went on without', () => {
    const advice = { state: 'fell_back', message: 'There was no advice.', analysis_id: null };
    expect(describeOutcome({ ...ended(null, null), advice }).slice(1)).toEqual([
      'Thoth: There was no advice.',
    ]);
  });

  it('says that it succeeded, and how long it took', () => {
    expect(describeOutcome(ended(null, null))).toEqual([
      'inspection-0123456789abcdef succeeded after 2.0 s.',
    ]);
  });

  const sentence = 'The image could not be built; the build log says which step failed.';

  it.each([
    ['nothing', null, sentence],
    ['the sentence', sentence, sentence],
    ['the sentence and the cluster', `${sentence} (exit 7)`, `${sentence} (exit 7)`],
    ['the cluster alone', 'no space left', `${sentence} no space left`],
  ])('says why once, where the service says %s', (_, message, words) => {
    expect(describeOutcome(ended('BuildFailed', message))[1]).toBe(`BuildFailed: ${words}`);
  });
});
