import { execFileSync } from 'node:child_process';
import { loadExportConfig } from '../../../../shared/config/export-config.js';
import { exportInspection } from '../../../../shared/export/export-inspection.js';
import { ExportProgress } from '../../../../shared/export/export-progress.js';
import { createS3Exporter } from '../../../../shared/export/s3/create-s3-exporter.js';
import { createLog } from '../../../../shared/log/create-log.js';
import { describeExportContract, EXPORTED } from '../../../contract/export-contract.js';
import { storeExported } from '../../../contract/store-exported.js';
import { createMemoryStore } from '../../../fakes/memory-store.js';
import {
  BUCKET,
  requireMoto,
  s3Settings,
  startMotoServer,
  type MotoServer,
} from '../../../moto-server.js';

const PREFIX = 'data/test/inspections';

/** Reads as Thoth's library does: by boto3, listing what is below a prefix, texts as strict UTF-8. */
const READER = `
import boto3, json, sys
endpoint, bucket, prefix = sys.argv[1:]
session = boto3.session.Session("an-id", "very-secret")
s3 = session.resource("s3", endpoint_url=endpoint)
found = {}
for item in s3.Bucket(bucket).objects.filter(Prefix=prefix + "/").all():
    body = s3.Object(bucket, item.key).get()["Body"].read().decode()
    name = item.key[len(prefix) + 1:]
    is_text = name.endswith("/log") or name.endswith("/Dockerfile")
    found[name] = body if is_text else json.loads(body)
print(json.dumps(found))
`;

requireMoto()('the export to a real S3 server', () => {
  let server: MotoServer;
  beforeAll(async () => {
    server = await startMotoServer();
  }, 180_000);
  afterAll(() => server.stop());

  const endpoint = () => `http://127.0.0.1:${server.port}`;

  async function exportIt(): Promise<Map<string, string>> {
    const store = createMemoryStore();
    const record = await storeExported(store);
    const config = loadExportConfig(s3Settings(endpoint(), PREFIX))!;
    const exporter = createS3Exporter(config, createLog('test', 'silent'));
    expect((await exporter.check()).state).toBe('ready');
    const progress = new ExportProgress(store.artifacts, record.id, exporter.destination);
    await exportInspection(store, exporter, record, progress);
    const objects = [...(await server.objects())];
    return new Map(objects.map(([key, body]) => [key.slice(PREFIX.length + 1), body]));
  }

  describeExportContract('the S3 exporter', exportIt);

  it('is read by the client that Thoth reads with', async () => {
    await exportIt();
    const said = execFileSync(server.python, ['-c', READER, endpoint(), BUCKET, PREFIX], {
      encoding: 'utf8',
    });
    const found = JSON.parse(said) as Record<string, unknown>;
    const { id, specification, buildLog, runs } = EXPORTED;
    expect(found[`${id}/build/specification`]).toEqual(specification);
    expect(found[`${id}/build/log`]).toBe(buildLog);
    expect(found[`${id}/results/1/result`]).toEqual(runs[1]?.report);
    expect(Object.keys(found)).toHaveLength(9);
  });
});
