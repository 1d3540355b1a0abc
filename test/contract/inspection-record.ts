import type { InspectionRecord } from '../../shared/inspection/record.js';

/** A record as it is while the image is built. */
export function inspectionRecord(id: string): InspectionRecord {
  return {
    id,
    created: '2024-05-01T12:00:00.000Z',
    phase: 'building',
    buildId: `build-${'0'.repeat(32)}-1`,
    buildReused: false,
    batchSize: 1,
    hasScript: true,
    sendMessages: true,
    forceSync: false,
  };
}
