import { exportInspection } from '../../../shared/export/export-inspection.js';
import { ExportProgress } from '../../../shared/export/export-progress.js';
import { runLogKey } from '../../../shared/lifecycle/artifact-keys.js';
import { describeExportContract, EXPORTED } from '../../contract/export-contract.js';
import { storeExported } from '../../contract/store-exported.js';
import { createMemoryExporter } from '../../fakes/memory-exporter.js';
import { createMemoryStore } from '../../fakes/memory-store.js';

const { id: ID } = EXPORTED;

async function exportFrom(store = createMemoryStore()): Promise<Map<string, string>> {
  const record = (await store.inspections.get(ID))?.value ?? (await storeExported(store));
  const exporter = createMemoryExporter();
  const progress = new ExportProgress(store.artifacts, ID, exporter.destination);
  await exportInspection(store, exporter, record, progress);
  return exporter.objects;
}

describeExportContract('the functions', exportFrom);

describe('exportInspection', () => {
  it('makes text of whatever a script wrote, since readers take it for UTF-8', async () => {
    const store = createMemoryStore();
    await storeExported(store);
    const log = Buffer.concat([
      Buffer.from('\x1eamun:0a1b2c3d:h:1\n'),
      Buffer.from([0x68, 0xff, 0x00, 0xe2, 0x82, 0x0a]),
    ]);
    await store.artifacts.put(runLogKey(ID, 0), log);
    expect((await exportFrom(store)).get(`${ID}/results/0/log`)).toBe('h\ufffd\0\ufffd\n');
  });

  it('has an empty log for a run whose log is not kept', async () => {
    const store = createMemoryStore();
    await storeExported(store);
    await store.artifacts.remove(runLogKey(ID, 1));
    expect((await exportFrom(store)).get(`${ID}/results/1/log`)).toBe('');
  });
});
