import type { JobObservation } from '../../shared/inspection/observation.js';
import { isFinal } from '../../shared/inspection/phase.js';
import type { Specification } from '../../shared/inspection/specification.js';
import { runReportKey } from '../../shared/lifecycle/artifact-keys.js';
import { collectReport } from '../../shared/lifecycle/collect-job.js';
import { readSpecification } from '../../shared/lifecycle/read-specification.js';
import type { Question } from './question.js';

/** Reads the reports of one inspection's runs, whether they are stored already or not. */
export class ReportReader {
  private job: Promise<JobObservation | undefined> | undefined;
  private specification: Promise<Specification> | undefined;

  constructor(private readonly question: Question) {}

  /**
   * A run's report as JSON: the stored one, or for a run that has ended while others go on, one
   * made on the spot. undefined while there is none.
   */
  async read(item: number): Promise<string | undefined> {
    const stored = await this.readStored(item);
    if (stored !== undefined) return stored;
    const { ports, record } = this.question;
    if (isFinal(record.phase) || !record.hasScript) return undefined;
    this.job ??= ports.cluster.observeJob(record.id);
    const run = (await this.job)?.runs.find((one) => one.item === item);
    if (run?.state !== 'terminated') return undefined;
    this.specification ??= readSpecification(ports.store, record.id);
    const { report } = await collectReport(ports, record.id, run, await this.specification);
    // Collected meanwhile, its log may be gone from the cluster: the stored report is the true one.
    return (await this.readStored(item)) ?? JSON.stringify(report);
  }

  private async readStored(item: number): Promise<string | undefined> {
    const { ports, record } = this.question;
    const stored = await ports.store.artifacts.get(runReportKey(record.id, item));
    return stored === undefined ? undefined : Buffer.from(stored).toString('utf8');
  }
}
