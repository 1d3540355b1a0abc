import type { ExportConfig } from '../../config/export-config.js';

/** What is wrong with a call to an S3 store, for people. */
export interface S3Problem {
  /** Of one kind: told once for all calls that it strikes. */
  readonly kind: 'resting' | 'away' | 'bucket' | 'credentials' | 'region' | 'forbidden' | 'refused';
  /** True where it stays until somebody changes something. */
  readonly lasts: boolean;
  /** What happened, and what to do. */
  readonly sentence: string;
}

const REFUSED_CREDENTIALS = new Set([
  'InvalidAccessKeyId',
  'SignatureDoesNotMatch',
  'InvalidToken',
  'ExpiredToken',
  'CredentialsProviderError',
  'TokenProviderError',
]);
const OTHER_REGION = new Set([
  'PermanentRedirect',
  'AuthorizationHeaderMalformed',
  'IllegalLocationConstraintException',
]);
const LONGEST = 300;

/** Says what an error of the SDK means, whatever it is. */
export function explainS3Error(error: unknown, config: ExportConfig): S3Problem {
  const { name, status, said } = readError(error);
  const store = config.endpoint ?? `Amazon S3 in ${config.region}`;
  const bucket = `the bucket ${config.bucket} at ${store}`;
  const quoted = said === '' ? '' : ` (${said})`;
  if (isResting(error)) {
    const sentence = `The S3 store ${store} failed several times in a row; it is tried again soon.`;
    return { kind: 'resting', lasts: false, sentence };
  }
  if (name === 'NoSuchBucket' || (status === 404 && name !== 'NoSuchKey')) {
    const sentence = `There is no ${bucket.slice(4)}${quoted}: create it, or correct AMUN_S3_BUCKET.`;
    return { kind: 'bucket', lasts: true, sentence };
  }
  if (REFUSED_CREDENTIALS.has(name) || status === 401) {
    const sentence =
      `The credentials for ${bucket} are refused or missing${quoted}: ` +
      'correct AMUN_S3_ACCESS_KEY_ID and AMUN_S3_SECRET_ACCESS_KEY.';
    return { kind: 'credentials', lasts: true, sentence };
  }
  if (OTHER_REGION.has(name) || status === 301) {
    const sentence = `Not the region of ${bucket}${quoted}: correct AMUN_S3_REGION, or AMUN_S3_ENDPOINT.`;
    return { kind: 'region', lasts: true, sentence };
  }
  if (status === 403) {
    const sentence = `No access to ${bucket}${quoted}: allow s3:PutObject below AMUN_S3_PREFIX.`;
    return { kind: 'forbidden', lasts: true, sentence };
  }
  if (status !== undefined && status < 500 && status !== 429) {
    const sentence = `The S3 store ${store} refuses with ${status} ${name}${quoted}.`;
    return { kind: 'refused', lasts: false, sentence };
  }
  const answer = status === undefined ? 'does not answer' : `answers ${status} ${name}`;
  return { kind: 'away', lasts: false, sentence: `The S3 store ${store} ${answer}${quoted}.` };
}

function readError(error: unknown): { name: string; status: number | undefined; said: string } {
  if (!(error instanceof Error)) return { name: '', status: undefined, said: String(error) };
  const { $metadata, code } = error as Error & {
    readonly $metadata?: { readonly httpStatusCode?: unknown };
    readonly code?: unknown;
  };
  const status = $metadata?.httpStatusCode;
  // Several addresses that failed are an error without a message of its own.
  const first: unknown = error instanceof AggregateError ? error.errors[0] : error;
  const message = first instanceof Error ? first.message : String(first);
  const plain = message.replace(/\p{C}+/gu, ' ').trim();
  return {
    name: error.name,
    status: typeof status === 'number' ? status : undefined,
    said: (plain === '' && typeof code === 'string' ? code : plain).slice(0, LONGEST),
  };
}

/** The breaker's own error: no call was made. */
function isResting(error: unknown): boolean {
  return typeof error === 'object' && error !== null && 'isBrokenCircuitError' in error;
}
