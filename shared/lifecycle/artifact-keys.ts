import type { InspectionRecord } from '../inspection/record.js';

/** Where artifacts are kept; one place, so that writers and readers agree. */

/** The specification as stored: with defaults and the server's @ keys. */
export const specificationKey = (inspectionId: string): string => `${inspectionId}/specification`;

/** A build's log, shared by every inspection that uses the build. */
export const buildLogKey = (buildId: string): string => `${buildId}/log`;

/** What Thoth advised in a build; as the log, it is shared. */
export const adviceKey = (buildId: string): string => `${buildId}/advice`;

/** One run's raw log, as its container wrote it. */
export const runLogKey = (inspectionId: string, item: number): string =>
  `${inspectionId}/results/${item}/log`;

/** How far the export of an inspection has come, while it is not complete. */
export const exportProgressKey = (inspectionId: string): string => `${inspectionId}/export`;

/** One run's report. */
export const runReportKey = (inspectionId: string, item: number): string =>
  `${inspectionId}/results/${item}/result`;

/** The figures of a whole batch, once its inspection has ended and somebody asked for them. */
export const summaryKey = (inspectionId: string): string => `${inspectionId}/summary`;

/** Everything kept of an inspection, whether it is there or not: what is new has its place here too. */
export function artifactKeysOf({ id, batchSize, hasScript }: InspectionRecord): string[] {
  const items = Array.from({ length: hasScript ? batchSize : 0 }, (_, item) => item);
  return [
    specificationKey(id),
    exportProgressKey(id),
    summaryKey(id),
    ...items.flatMap((item) => [runLogKey(id, item), runReportKey(id, item)]),
  ];
}
