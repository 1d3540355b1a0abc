import { createS3Exporter } from '../../shared/export/s3/create-s3-exporter.js';
import type { ExportConfig } from '../../shared/config/export-config.js';
import { createLog } from '../../shared/log/create-log.js';
import type { Finding } from './finding.js';

/** The bucket that finished inspections are exported to; undefined where none is configured. */
export async function checkExport(config: ExportConfig | undefined): Promise<Finding | undefined> {
  if (config === undefined) return undefined;
  const exporter = createS3Exporter(config, createLog('doctor', 'silent'));
  const { state, detail } = await exporter.check();
  return { name: 'S3 export', ok: state === 'ready', needed: state === 'wrong', detail };
}
