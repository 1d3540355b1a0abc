import { ByteStore } from './byte-store.js';
import { MAX_REPORT_BYTES, parseReportLine, type RawReport } from './raw-report.js';

const NEWLINE = 0x0a;

/** The report lines of a run's log, read in pieces; the last valid one counts. */
export class ReportLines {
  readonly #line = new ByteStore(MAX_REPORT_BYTES + 1);
  #isOpen = false;
  #report: RawReport | undefined;

  /** True between a report's mark and the end of its line. */
  get isOpen(): boolean {
    return this.#isOpen;
  }

  get last(): RawReport | undefined {
    return this.#report;
  }

  /** After a mark. */
  open(): void {
    this.#isOpen = true;
  }

  /** Takes what belongs to the line, from `at` on. @returns where it ends, or the end of the bytes */
  read(bytes: Buffer, at: number): number {
    const newline = bytes.indexOf(NEWLINE, at);
    const end = newline === -1 ? bytes.length : newline;
    this.#line.append(bytes.subarray(at, end));
    if (newline === -1) return end;
    this.close();
    return end + 1;
  }

  /** At the end of the line, or of a log that lost its last newline, as some engines do. */
  close(): void {
    if (!this.#isOpen) return;
    const report = parseReportLine(this.#line.bytes);
    if (report !== undefined) this.#report = report;
    this.#line.clear();
    this.#isOpen = false;
  }
}
