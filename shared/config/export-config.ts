import { AmunError } from '../errors/amun-error.js';
import { readSecret } from './read-secret.js';
import { readText, type Environment } from './read-variable.js';

/** The bucket that finished inspections are exported to. */
export interface ExportConfig {
  readonly bucket: string;
  /** Before every key, without slashes at its ends; may be empty. */
  readonly prefix: string;
  /** Undefined: Amazon's, by the region. */
  readonly endpoint: string | undefined;
  readonly region: string;
  /** Undefined: found by the SDK's own chain (its variables, files, the pod's or machine's role). */
  readonly credentials:
    { readonly accessKeyId: string; readonly secretAccessKey: string } | undefined;
  /** The bucket in the path rather than in the host's name. */
  readonly pathStyle: boolean;
}

const DEFAULT_REGION = 'us-east-1';
const BUCKET = /^[A-Za-z0-9][A-Za-z0-9._-]{1,61}[A-Za-z0-9]$/;
const PREFIX = /^[A-Za-z0-9!_.*'()/=+@:,-]*$/;

/** Reads where finished inspections go; undefined: nowhere. Throws InvalidRequest. */
export function loadExportConfig(environment: Environment): ExportConfig | undefined {
  const bucket = readText(environment, 'AMUN_S3_BUCKET');
  if (bucket === undefined) return undefined;
  if (!BUCKET.test(bucket)) {
    throw invalid('AMUN_S3_BUCKET', bucket, 'write the name of a bucket, for example "thoth"');
  }
  const endpoint = readEndpoint(environment);
  return {
    bucket,
    endpoint,
    prefix: readPrefix(environment),
    region:
      readText(environment, 'AMUN_S3_REGION') ??
      readText(environment, 'AWS_REGION') ??
      DEFAULT_REGION,
    credentials: readCredentials(environment),
    pathStyle: readPathStyle(environment, endpoint !== undefined),
  };
}

function readEndpoint(environment: Environment): string | undefined {
  const text = readText(environment, 'AMUN_S3_ENDPOINT');
  if (text === undefined) return undefined;
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const isHttp = url?.protocol === 'http:' || url?.protocol === 'https:';
  if (url === undefined || !isHttp || url.username !== '' || url.password !== '') {
    // Not quoted: there may be a password in it.
    const example = '"https://s3.example.com"';
    throw new AmunError('InvalidRequest', `AMUN_S3_ENDPOINT is no such URL as ${example}.`);
  }
  return `${url.origin}${url.pathname.replace(/\/+$/, '')}`;
}

function readPrefix(environment: Environment): string {
  const text = readText(environment, 'AMUN_S3_PREFIX') ?? '';
  const prefix = text.replace(/^\/+|\/+$/g, '');
  const isPlain = PREFIX.test(prefix) && prefix.split('/').every((part) => !/^\.\.?$/.test(part));
  if (isPlain && !prefix.includes('//')) return prefix;
  throw invalid('AMUN_S3_PREFIX', text, 'write names between slashes: "data/prod/inspections"');
}

function readCredentials(environment: Environment): ExportConfig['credentials'] {
  const accessKeyId = readSecret(environment, 'AMUN_S3_ACCESS_KEY_ID', 'amun-s3-access-key-id');
  const secretAccessKey = readSecret(
    environment,
    'AMUN_S3_SECRET_ACCESS_KEY',
    'amun-s3-secret-access-key',
  );
  if (accessKeyId !== undefined && secretAccessKey !== undefined) {
    return { accessKeyId, secretAccessKey };
  }
  if (accessKeyId === undefined && secretAccessKey === undefined) return undefined;
  throw new AmunError(
    'InvalidRequest',
    'Of AMUN_S3_ACCESS_KEY_ID and AMUN_S3_SECRET_ACCESS_KEY one is set; set both, or neither.',
  );
}

function readPathStyle(environment: Environment, fallback: boolean): boolean {
  const text = readText(environment, 'AMUN_S3_PATH_STYLE');
  if (text === undefined) return fallback;
  if (text === 'true' || text === '1') return true;
  if (text === 'false' || text === '0') return false;
  throw invalid('AMUN_S3_PATH_STYLE', text, 'write true or false');
}

function invalid(name: string, value: string, advice: string): AmunError {
  return new AmunError('InvalidRequest', `${name} is "${value}"; ${advice}.`);
}
