import { loadExportConfig } from '../../../../shared/config/export-config.js';
import type { Exporter } from '../../../../shared/export/port.js';
import { createS3Exporter } from '../../../../shared/export/s3/create-s3-exporter.js';
import { startS3Front, type Fault, type S3Front } from '../../../s3-front.js';
import { waitUntil } from '../../../wait-until.js';

const KEY = 'inspection-0123456789abcdef/build/log';
const OBJECT = { key: KEY, contentType: 'text/plain; charset=utf-8', body: 'Grüße\n' };

describe('the exporter to S3', () => {
  let front: S3Front;
  let exporter: Exporter;
  let told: string[];
  beforeEach(async () => {
    front = await startS3Front();
    told = [];
    exporter = open(front.url);
  });
  afterEach(() => front.close());

  function open(endpoint: string): Exporter {
    const config = loadExportConfig({
      AMUN_S3_BUCKET: 'thoth',
      AMUN_S3_PREFIX: 'data/test/inspections',
      AMUN_S3_ENDPOINT: endpoint,
      AMUN_S3_ACCESS_KEY_ID: 'an-id',
      AMUN_S3_SECRET_ACCESS_KEY: 'very-secret',
    })!;
    const tell = (line: unknown): void => void told.push(String(line));
    return createS3Exporter(config, { error: tell, info: tell });
  }
  const pending = (words: string): unknown => {
    const message: unknown = expect.stringContaining(words);
    return expect.objectContaining({ code: 'ExportPending', message });
  };
  async function expectPending(words: string, count: number): Promise<void> {
    for (let put = 0; put < count; put += 1) {
      await expect(exporter.put(OBJECT)).rejects.toEqual(pending(words));
    }
  }
  const times = (count: number, fault: Fault) => () => (count-- > 0 ? fault : undefined);

  it('puts an object below the prefix, signed, and with nothing that other stores refuse', async () => {
    await exporter.put(OBJECT);
    const [call] = front.calls;
    expect(front.calls).toHaveLength(1);
    expect([call?.method, call?.path]).toEqual(['PUT', `/thoth/data/test/inspections/${KEY}`]);
    expect(call?.body.toString()).toBe(OBJECT.body);
    expect(call?.headers['content-type']).toBe(OBJECT.contentType);
    expect(call?.headers.authorization).toContain('Credential=an-id/');
    const names = Object.keys(call?.headers ?? {});
    expect(names.filter((name) => /checksum|trailer|content-encoding/.test(name))).toEqual([]);
  });

  it('is told apart by where it writes to', () => {
    const other = open('http://127.0.0.1:1').destination;
    expect(other).not.toBe(exporter.destination);
    expect(exporter.destination).toBe(`s3://thoth/data/test/inspections at ${front.url}`);
  });

  it.each<Fault>([
    { status: 503, code: 'SlowDown' },
    'cut',
    'cut after',
    { status: 500, code: 'X' },
  ])('tries again at once what may pass: %j', async (fault) => {
    front.fault = times(2, fault);
    await exporter.put(OBJECT);
    expect(front.calls).toHaveLength(3);
    expect(told).toEqual([]);
  });

  it.each<[Fault, string]>([
    [{ status: 403, code: 'AccessDenied' }, 's3:PutObject'],
    [{ status: 403, code: 'SignatureDoesNotMatch' }, 'AMUN_S3_SECRET_ACCESS_KEY'],
    [{ status: 404, code: 'NoSuchBucket' }, 'AMUN_S3_BUCKET'],
    [{ status: 503, code: 'SlowDown' }, 'answers 503'],
    ['cut', 'does not answer'],
  ])('says what is wrong, once: %j', async (fault, words) => {
    front.fault = () => fault;
    await expectPending(words, 2);
    expect(told).toEqual([expect.stringContaining(words)]);
    expect(told.join()).not.toContain('very-secret');
  });

  it('asks no more of a store that failed again and again, and comes back to it', async () => {
    await front.leave();
    await expectPending(front.url, 3);
    await front.comeBack();
    await expect(exporter.put(OBJECT)).rejects.toEqual(pending('is tried again soon'));
    expect(front.calls).toEqual([]);
    await waitUntil(() =>
      exporter.put(OBJECT).then(
        () => true,
        () => false,
      ),
    );
    expect(told).toEqual([
      expect.stringContaining('does not answer'),
      'Finished inspections are exported again.',
    ]);
  });

  it('waits no longer for an answer than it may', async () => {
    front.fault = () => 'silence';
    await expect(exporter.put(OBJECT, AbortSignal.timeout(200))).rejects.toEqual(
      pending('S3 store'),
    );
  });

  it.each<[Fault | undefined, string]>([
    [undefined, 'ready'],
    [{ status: 404, code: 'NoSuchBucket' }, 'wrong'],
    [{ status: 403, code: 'InvalidAccessKeyId' }, 'wrong'],
    [{ status: 403, code: 'AccessDenied' }, 'unsure'],
    [{ status: 500, code: 'InternalError' }, 'unsure'],
  ])('can be looked at, and never throws: %j', async (fault, state) => {
    front.fault = () => fault;
    expect((await exporter.check()).state).toBe(state);
  });
});
