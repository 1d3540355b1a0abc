import { openExporter } from '../../shared/backend/open-exporter.js';
import { openPorts } from '../../shared/backend/open-ports.js';
import { loadFunctionLimits } from '../../shared/config/function-limits.js';
import { SUBJECTS } from '../../shared/events/event.js';
import { limitExport } from '../../shared/export/limit-export.js';
import { createEventHandler } from '../../shared/http/create-event-handler.js';
import { onBuildComplete } from './on-build-complete.js';

const backend = openPorts('on-build-complete', { openExporter });
const { execTimeoutMs } = loadFunctionLimits();

export default createEventHandler(backend.log, SUBJECTS.buildComplete, async (event) => {
  const ports = limitExport(await backend.ports(), execTimeoutMs);
  const handled = await onBuildComplete(ports, event.subject);
  return { build: event.subject, ...handled };
});
