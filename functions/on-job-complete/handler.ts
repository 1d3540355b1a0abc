import { openExporter } from '../../shared/backend/open-exporter.js';
import { openPorts } from '../../shared/backend/open-ports.js';
import { loadFunctionLimits } from '../../shared/config/function-limits.js';
import { SUBJECTS } from '../../shared/events/event.js';
import { limitExport } from '../../shared/export/limit-export.js';
import { createEventHandler } from '../../shared/http/create-event-handler.js';
import { onJobComplete } from './on-job-complete.js';

const backend = openPorts('on-job-complete', { openExporter });
const { execTimeoutMs } = loadFunctionLimits();

export default createEventHandler(backend.log, SUBJECTS.jobComplete, async (event) => {
  const ports = limitExport(await backend.ports(), execTimeoutMs);
  const phase = await onJobComplete(ports, event.subject);
  return { inspection_id: event.subject, phase: phase ?? null };
});
