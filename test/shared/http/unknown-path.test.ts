import { unknownPath } from '../../../shared/http/unknown-path.js';

const KNOWN = ['/inspect', '/inspect/{id}/status', '/inspect/{id}/job/{item}/result', '/version'];

describe('unknownPath', () => {
  it.each([
    ['/inspec', '/inspect'],
    ['/inspect/inspection-0123456789abcdef/statuz', '/inspect/{id}/status'],
    ['/inspect/x/job/17/results', '/inspect/{id}/job/{item}/result'],
    ['/Version', '/version'],
  ])('hints at what is nearest to %s', (path, nearest) => {
    expect(unknownPath(path, KNOWN)).toMatchObject({
      code: 'NotFound',
      message: `There is nothing at "${path}"; did you mean ${nearest}?`,
    });
  });

  it('stays short', () => {
    expect(unknownPath(`/${'x'.repeat(10_000)}`, KNOWN).message.length).toBeLessThan(250);
  });
});
