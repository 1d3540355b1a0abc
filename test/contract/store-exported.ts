import type { InspectionRecord } from '../../shared/inspection/record.js';
import {
  buildLogKey,
  runLogKey,
  runReportKey,
  specificationKey,
} from '../../shared/lifecycle/artifact-keys.js';
import type { Store } from '../../shared/store/port.js';
import { EXPORTED } from './export-contract.js';
import { inspectionRecord } from './inspection-record.js';

const MARK = '\x1eamun:0a1b2c3d:';

/** The contract's inspection in a store, as the functions leave it there. @returns its record */
export async function storeExported({
  artifacts,
  inspections,
}: Pick<Store, 'artifacts' | 'inspections'>): Promise<InspectionRecord> {
  const { id, specification, buildLog, runs } = EXPORTED;
  const record: InspectionRecord = {
    ...inspectionRecord(id),
    phase: 'failed',
    batchSize: runs.length,
    build: { state: 'terminated', exitCode: 0 },
  };
  await inspections.create(id, record);
  await artifacts.put(specificationKey(id), JSON.stringify(specification));
  await artifacts.put(buildLogKey(record.buildId), buildLog);
  for (const [item, { report, stdout, stderr }] of runs.entries()) {
    const log = `${MARK}h:1\n${stdout}${MARK}e:${stderr}`;
    await artifacts.put(runLogKey(id, item), log);
    await artifacts.put(runReportKey(id, item), JSON.stringify(report));
  }
  return record;
}
