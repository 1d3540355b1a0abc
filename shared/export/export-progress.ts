import { exportProgressKey } from '../lifecycle/artifact-keys.js';
import type { Artifacts } from '../store/port.js';

/** How far the export of one inspection has come, kept so that the next try need not start anew. */
export class ExportProgress {
  #isStored = false;
  #advancedTo: number | undefined;

  constructor(
    private readonly artifacts: Artifacts,
    private readonly inspectionId: string,
    private readonly destination: string,
  ) {}

  /** How many of the first runs are exported now, where this try has added to them. */
  get advancedTo(): number | undefined {
    return this.#advancedTo;
  }

  /** How many of the first runs are exported; 0 also where they were exported to another place. */
  async read(): Promise<number> {
    const stored = await this.artifacts.get(exportProgressKey(this.inspectionId));
    this.#isStored = stored !== undefined;
    if (stored === undefined) return 0;
    const { destination, runs } = JSON.parse(Buffer.from(stored).toString('utf8')) as {
      readonly destination?: unknown;
      readonly runs?: unknown;
    };
    return destination === this.destination && typeof runs === 'number' ? runs : 0;
  }

  async write(runs: number): Promise<void> {
    const { destination } = this;
    const text = JSON.stringify({ destination, runs });
    await this.artifacts.put(exportProgressKey(this.inspectionId), text);
    this.#isStored = true;
    this.#advancedTo = runs;
  }

  async clear(): Promise<void> {
    if (this.#isStored) await this.artifacts.remove(exportProgressKey(this.inspectionId));
  }
}
