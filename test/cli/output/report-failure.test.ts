import { describeFailure } from '../../../cli/output/report-failure.js';
import { ApiError, type ApiFinding } from '../../../client/api-error.js';

const BASE = { pointer: '/base', message: 'base is empty.' };
const BATCH = { pointer: '/batch_size', message: 'batch_size is too small; write 1 or more.' };

function tell(message: string, details: readonly ApiFinding[]): readonly string[] {
  return describeFailure(new ApiError(400, 'InvalidSpecification', message, details)).lines;
}

describe('a refusal', () => {
  it('tells its only finding once, with its place', () => {
    expect(tell('The specification is not valid: base is empty.', [BASE])).toEqual([
      'The specification is not valid:',
      '  /base: base is empty.',
    ]);
  });

  it('tells each of several once', () => {
    const message = 'The specification has 2 faults, the first of them: base is empty.';
    expect(tell(message, [BASE, BATCH])).toEqual([
      'The specification has 2 faults:',
      '  /base: base is empty.',
      '  /batch_size: batch_size is too small; write 1 or more.',
    ]);
  });

  it.each<[string, readonly ApiFinding[]]>([
    ['The specification is not valid.', [BASE]],
    ['The specification is not valid: it is no JSON.', []],
    ['base is empty.', [BASE]],
  ])('keeps what repeats nothing: %s', (message, details) => {
    expect(tell(message, details)[0]).toBe(message);
  });
});
