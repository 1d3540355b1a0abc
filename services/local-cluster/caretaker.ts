import { rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { keyOf } from '../../shared/cluster/key-of.js';
import { orUndefined, readJsonFile, UNFINISHED } from '../../shared/cluster/local/atomic-file.js';
import { folderOf, kindFolder, REQUEST_FILE } from '../../shared/cluster/local/layout.js';
import { hasMark, listIds, readStatus } from '../../shared/cluster/local/read-cluster.js';
import type { StoredBuild, StoredJob } from '../../shared/cluster/local/request-file.js';
import type { BuildStatus, JobStatus } from '../../shared/cluster/local/status.js';
import type { ClusterRef } from '../../shared/cluster/port.js';
import type { AgentContext } from './agent-context.js';
import { BuildKeeper } from './builds/build-keeper.js';
import { JobKeeper } from './runs/job-keeper.js';
import type { Removals } from './removals.js';
import type { RunDriver } from './runs/run-plan.js';

/**
 * What was collected answers "exists" for this long, so that a request that comes late once more
 * does not run again.
 */
const REMEMBERED_MS = 2 * 60_000;
/** What is of no use once collected. */
const CONTENT = ['context', 'attempts', 'files', 'runs'];

type Keeper = BuildKeeper | JobKeeper;

/** Looks at the cluster's folders and has a keeper for each build and job that has not ended. */
export class Caretaker {
  private readonly keepers = new Map<string, Keeper>();
  private readonly looks = new Map<string, Promise<void>>();

  constructor(
    private readonly context: AgentContext,
    private readonly driver: RunDriver,
    private readonly removals: Removals,
  ) {}

  /** The names of the containers that may be running. */
  get runningContainers(): Set<string> {
    return new Set(this.jobs.flatMap((job) => job.running));
  }

  /** The images that runs are still to be started from. */
  get usedImages(): Set<string> {
    return new Set(this.jobs.filter((job) => !job.isEnded).map((job) => job.image));
  }

  /** Looks at everything. */
  async lookAtAll(): Promise<void> {
    for (const kind of ['build', 'job'] as const) {
      const ids = await listIds(this.context.layout, kind);
      await Promise.all(ids.map((id) => this.look({ kind, id })));
    }
  }

  /** Sees what is wanted of a build or job, and has it done. One look at a time for each. */
  look(ref: ClusterRef): Promise<void> {
    const key = keyOf(ref);
    const before = this.looks.get(key) ?? Promise.resolve();
    const look = before
      .then(() => this.see(ref))
      .catch((error: unknown) => {
        this.context.log.error({ err: error, [ref.kind]: ref.id }, 'cannot look after it');
      })
      .finally(() => {
        if (this.looks.get(key) === look) this.looks.delete(key);
      });
    this.looks.set(key, look);
    return look;
  }

  /** Does nothing more about anything. */
  leave(): void {
    for (const keeper of this.keepers.values()) keeper.leave();
  }

  /** Ends everything that runs; the next agent begins it anew. */
  async halt(): Promise<void> {
    await Promise.all([...this.keepers.values()].map((keeper) => keeper.halt()));
  }

  private get jobs(): JobKeeper[] {
    return [...this.keepers.values()].filter((keeper) => keeper instanceof JobKeeper);
  }

  private async see(ref: ClusterRef): Promise<void> {
    const { layout } = this.context;
    if (await hasMark(layout, ref, 'collected')) return this.clear(ref);
    const keeper = this.keepers.get(keyOf(ref)) ?? (await this.takeOn(ref));
    if (keeper === undefined || keeper.isEnded) return;
    if (await hasMark(layout, ref, 'cancel')) void keeper.cancel();
  }

  private async takeOn(ref: ClusterRef): Promise<Keeper | undefined> {
    const keeper = await this.load(ref);
    if (keeper === undefined) return undefined;
    this.keepers.set(keyOf(ref), keeper);
    // What was cancelled before it was seen must not start.
    if (await hasMark(this.context.layout, ref, 'cancel')) await keeper.cancel();
    await keeper.begin();
    return keeper;
  }

  private async load(ref: ClusterRef): Promise<Keeper | undefined> {
    const { layout } = this.context;
    const file = path.join(folderOf(layout, ref), REQUEST_FILE);
    if (ref.kind === 'build') {
      const request = await readJsonFile<StoredBuild>(file);
      const status = await readStatus<BuildStatus>(layout, ref);
      return request && new BuildKeeper(this.context, request, status);
    }
    const request = await readJsonFile<StoredJob>(file);
    const status = await readStatus<JobStatus>(layout, ref);
    return request && new JobKeeper(this.context, this.driver, this.removals, request, status);
  }

  /** Removes what it left, soon; the folder itself a while later. */
  private async clear(ref: ClusterRef): Promise<void> {
    const keeper = this.keepers.get(keyOf(ref));
    // Nobody wants what it would leave; a later look clears it away.
    if (keeper?.isEnded === false) return void keeper.cancel();
    this.keepers.delete(keyOf(ref));
    const folder = folderOf(this.context.layout, ref);
    if (keeper instanceof JobKeeper) await this.removals.flush();
    for (const name of CONTENT) await rm(path.join(folder, name), { recursive: true, force: true });
    const marked = await orUndefined(stat(path.join(folder, 'collected')));
    if (marked === undefined || Date.now() - marked.mtimeMs < REMEMBERED_MS) return;
    const leaving = path.join(kindFolder(this.context.layout, ref.kind), `${UNFINISHED}${ref.id}`);
    await orUndefined(rename(folder, leaving));
    await rm(leaving, { recursive: true, force: true });
  }
}
