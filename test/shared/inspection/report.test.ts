import { USAGE_FIELDS } from '../../../shared/inspection/report.js';

describe('USAGE_FIELDS', () => {
  it('names all sixteen figures of getrusage, once each', () => {
    expect(new Set(USAGE_FIELDS).size).toBe(16);
    for (const name of USAGE_FIELDS) expect(name).toMatch(/^ru_[a-z]+$/);
  });
});
