import type { InspectionRecord } from '../../shared/inspection/record.js';
import type { Ports } from '../../shared/lifecycle/ports.js';

/** What an answer about one inspection is made from. */
export interface Question {
  readonly ports: Ports;
  readonly record: InspectionRecord;
  readonly query: Readonly<Record<string, string>>;
}
