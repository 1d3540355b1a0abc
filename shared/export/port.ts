import type { ExportObject } from './inspection-objects.js';

/** What a look at the place that exports go to has shown. */
export type ExportCheck =
  | { readonly state: 'ready'; readonly detail: string }
  /** Nobody can say: it may be away for a moment, or may be written but not listed. */
  | { readonly state: 'unsure'; readonly detail: string }
  /** Nothing will be exported until somebody has changed something. */
  | { readonly state: 'wrong'; readonly detail: string };

/** Where finished inspections are exported to. */
export interface Exporter {
  /** Tells this place from every other: what lies elsewhere does not count as exported. */
  readonly destination: string;
  /**
   * Puts an object; what is there under its key is replaced. Throws ExportPending, whatever the
   * reason: a later try may succeed, also after somebody has corrected the settings.
   */
  put(object: ExportObject, signal?: AbortSignal): Promise<void>;
  /** Looks whether it could be written to; for people. Never throws. */
  check(): Promise<ExportCheck>;
}
