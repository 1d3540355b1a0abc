import type { ExportConfig } from '../../../../shared/config/export-config.js';
import { explainS3Error } from '../../../../shared/export/s3/explain-s3-error.js';

const CONFIG: ExportConfig = {
  bucket: 'thoth',
  prefix: '',
  endpoint: 'https://s3.example.com',
  region: 'eu-west-1',
  credentials: undefined,
  pathStyle: true,
};

function error(name: string, status?: number, message = 'said'): Error {
  const made = Object.assign(new Error(message), { name });
  return status === undefined
    ? made
    : Object.assign(made, { $metadata: { httpStatusCode: status } });
}

describe('explainS3Error', () => {
  it.each([
    [error('NoSuchBucket', 404), 'bucket', true],
    [error('NotFound', 404), 'bucket', true],
    [error('InvalidAccessKeyId', 403), 'credentials', true],
    [error('CredentialsProviderError'), 'credentials', true],
    [error('Unauthorized', 401), 'credentials', true],
    [error('PermanentRedirect', 301), 'region', true],
    [error('AuthorizationHeaderMalformed', 400), 'region', true],
    [error('AccessDenied', 403), 'forbidden', true],
    [error('EntityTooLarge', 400), 'refused', false],
    [error('SlowDown', 503), 'away', false],
    [error('TooManyRequests', 429), 'away', false],
    [error('TimeoutError'), 'away', false],
    [Object.assign(error('Error'), { isBrokenCircuitError: true }), 'resting', false],
    ['no error at all', 'away', false],
  ])('tells kinds apart: %s', (thrown, kind, lasts) => {
    expect(explainS3Error(thrown, CONFIG)).toMatchObject({ kind, lasts });
  });

  it('names the bucket, the store and what was said, on one line', () => {
    const { sentence } = explainS3Error(error('NoSuchBucket', 404, 'no\nsuch\u001b[31m'), CONFIG);
    expect(sentence).toBe(
      'There is no bucket thoth at https://s3.example.com (no such [31m): create it, or correct AMUN_S3_BUCKET.',
    );
  });

  it('quotes no more than a little of what a store says', () => {
    const { sentence } = explainS3Error(error('X', 500, 'x'.repeat(10_000)), CONFIG);
    expect(sentence.length).toBeLessThan(500);
  });

  it('says why none of several addresses was reached', () => {
    const none = new AggregateError([new Error('connect ECONNREFUSED ::1:9000')], '');
    expect(explainS3Error(none, CONFIG).sentence).toContain('connect ECONNREFUSED ::1:9000');
  });
});
