import { loadConfig } from '../../shared/config/config.js';
import { CliError } from '../cli-error.js';
import { checkExport } from '../doctor/check-export.js';

/**
 * Looks at the bucket that finished inspections are exported to, if there is one, before anything is
 * started. Throws where nothing would ever be exported until somebody changes something; a store
 * that is away for a moment keeps nobody from starting.
 *
 * @returns what is to be told
 */
export async function checkExportTarget(): Promise<string | undefined> {
  const finding = await checkExport(loadConfig().s3);
  if (finding === undefined) return undefined;
  if (finding.ok) return `Finished inspections are exported: ${finding.detail}.`;
  if (finding.needed) throw new CliError(finding.detail);
  return `The export of finished inspections is not certain: ${finding.detail}`;
}
