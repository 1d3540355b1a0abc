import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadExportConfig } from '../../../shared/config/export-config.js';

const BUCKET = { AMUN_S3_BUCKET: 'thoth' };
const KEYS = { AMUN_S3_ACCESS_KEY_ID: 'id', AMUN_S3_SECRET_ACCESS_KEY: 'very-secret' };

describe('loadExportConfig', () => {
  it('is nothing without a bucket', () => {
    expect(
      loadExportConfig({ AMUN_S3_ENDPOINT: 'http://127.0.0.1:9000', ...KEYS }),
    ).toBeUndefined();
  });

  it('needs nothing but a bucket', () => {
    expect(loadExportConfig(BUCKET)).toEqual({
      bucket: 'thoth',
      prefix: '',
      endpoint: undefined,
      region: 'us-east-1',
      credentials: undefined,
      pathStyle: false,
    });
  });

  it('asks an endpoint of its own by path, unless told otherwise', () => {
    const own = { ...BUCKET, AMUN_S3_ENDPOINT: 'https://s3.example.com/' };
    expect(loadExportConfig(own)).toMatchObject({
      endpoint: 'https://s3.example.com',
      pathStyle: true,
    });
    expect(loadExportConfig({ ...own, AMUN_S3_PATH_STYLE: 'false' })?.pathStyle).toBe(false);
  });

  it('takes slashes from the ends of the prefix', () => {
    const prefix = { ...BUCKET, AMUN_S3_PREFIX: '/data/prod/inspections/' };
    expect(loadExportConfig(prefix)?.prefix).toBe('data/prod/inspections');
  });

  it('reads credentials from variables, or from files that they name', () => {
    const folder = mkdtempSync(join(tmpdir(), 'amun-secrets-'));
    try {
      const file = join(folder, 'key');
      writeFileSync(file, 'from-a-file\n');
      const { AMUN_S3_ACCESS_KEY_ID } = KEYS;
      const files = { AMUN_S3_ACCESS_KEY_ID, AMUN_S3_SECRET_ACCESS_KEY_FILE: file };
      expect(loadExportConfig({ ...BUCKET, ...files })?.credentials).toEqual({
        accessKeyId: 'id',
        secretAccessKey: 'from-a-file',
      });
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it.each([
    ['AMUN_S3_BUCKET', { AMUN_S3_BUCKET: 'a/b' }],
    ['AMUN_S3_BUCKET', { AMUN_S3_BUCKET: '..' }],
    ['AMUN_S3_ENDPOINT', { AMUN_S3_ENDPOINT: 's3.example.com' }],
    ['AMUN_S3_ENDPOINT', { AMUN_S3_ENDPOINT: 'ftp://s3.example.com' }],
    ['AMUN_S3_ENDPOINT', { AMUN_S3_ENDPOINT: 'https://user:very-secret@s3.example.com' }],
    ['AMUN_S3_PREFIX', { AMUN_S3_PREFIX: 'a/../b' }],
    ['AMUN_S3_PREFIX', { AMUN_S3_PREFIX: 'a//b' }],
    ['AMUN_S3_PATH_STYLE', { AMUN_S3_PATH_STYLE: 'maybe' }],
    ['AMUN_S3_SECRET_ACCESS_KEY', { AMUN_S3_ACCESS_KEY_ID: 'id' }],
    ['AMUN_S3_ACCESS_KEY_ID', { AMUN_S3_SECRET_ACCESS_KEY: 'very-secret' }],
    ['AMUN_S3_ACCESS_KEY_ID_FILE', { AMUN_S3_ACCESS_KEY_ID_FILE: '/nowhere/key' }],
  ])('refuses by the name of %s, and repeats no secret', (name, environment) => {
    const load = () => loadExportConfig({ ...BUCKET, ...environment });
    expect(load).toThrow(name);
    expect(load).not.toThrow('very-secret');
  });
});
