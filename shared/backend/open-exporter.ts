import type { ExportConfig } from '../config/export-config.js';
import type { Exporter } from '../export/port.js';
import { createS3Exporter } from '../export/s3/create-s3-exporter.js';
import type { Log } from '../log/create-log.js';

/** What exports finished inspections. Only whoever calls it has it in its bundle. */
export function openExporter(config: ExportConfig, log: Log): Exporter {
  return createS3Exporter(config, log);
}
