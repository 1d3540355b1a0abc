import { setTimeout as sleep } from 'node:timers/promises';
import type { ApiServer } from '../../shared/cluster/kubernetes/api/api-server.js';
import { listAndWatch } from '../../shared/cluster/kubernetes/api/list-and-watch.js';
import { isAmunError } from '../../shared/errors/amun-error.js';
import { begin, cancel, complete, follow, lose, type StepTools } from './build-steps.js';
import { instantiate } from './generate-build.js';
import {
  BUILD_NAME,
  find,
  pathOf,
  TERMINAL,
  type BuildConfigThing,
  type BuildThing,
  type PodThing,
  type Thing,
} from './objects.js';

const RETRY_MS = 500;

/** OpenShift's build controllers for one namespace, one step at a time. */
export class Controllers {
  /** While true they see everything and do nothing. */
  isPaused = false;
  /** What went wrong otherwise than planned; a test looks at it in the end. */
  readonly failures: unknown[] = [];
  private readonly ending = new AbortController();
  private readonly work = new Map<string, () => Promise<void>>();
  private readonly loops: Promise<void>[] = [];

  constructor(
    private readonly tools: StepTools,
    private readonly namespace: string,
  ) {}

  private get api(): ApiServer {
    return this.tools.api;
  }

  start(): void {
    this.loops.push(
      this.watch('buildconfigs', ({ name }) => this.lookAtConfig(name)),
      this.watch('builds', ({ name }) => this.lookAtBuild(name)),
      this.watch('pods', ({ annotations = {} }) => this.lookAtBuild(annotations[BUILD_NAME] ?? '')),
      // A new ImageStream lets Builds go on; a new ConfigMap does not.
      this.watch('imagestreams', ({ name }) =>
        this.work.set(`stream ${name}`, () => this.lookAtNewBuilds()),
      ),
      this.run(),
    );
  }

  async stop(): Promise<void> {
    this.ending.abort();
    await Promise.all(this.loops);
  }

  private async watch(
    kind: 'buildconfigs' | 'builds' | 'pods' | 'imagestreams',
    changed: (meta: Thing['metadata']) => void,
  ): Promise<void> {
    const { signal } = this.ending;
    const path = pathOf(kind, this.namespace);
    const labelSelector = kind === 'pods' ? BUILD_NAME : undefined;
    for await (const event of listAndWatch(this.api, { path, labelSelector, signal })) {
      if (event.type !== 'listed') changed((event.object.raw as Thing).metadata);
    }
  }

  private lookAtConfig(name: string): void {
    this.work.set(`config ${name}`, () => this.reconcileConfig(name));
  }

  private lookAtBuild(name: string): void {
    if (name !== '') this.work.set(`build ${name}`, () => this.reconcileBuild(name));
  }

  private async lookAtNewBuilds(): Promise<void> {
    const { items } = (await this.api.get(pathOf('builds', this.namespace))) as {
      items: BuildThing[];
    };
    for (const { metadata, status } of items) {
      if (status.phase === 'New') this.lookAtBuild(metadata.name);
    }
  }

  private async run(): Promise<void> {
    while (!this.ending.signal.aborted) {
      const [next] = this.isPaused ? [] : this.work;
      if (next === undefined) {
        await sleep(20);
        continue;
      }
      const [key, step] = next;
      this.work.delete(key);
      await step().catch((error: unknown) => {
        if (this.ending.signal.aborted) return;
        if (!mayHappen(error)) this.failures.push(error);
        // Tried again, as OpenShift's are.
        setTimeout(() => this.work.set(key, step), RETRY_MS).unref();
      });
    }
  }

  /** The trigger ConfigChange: only while there never was a Build. */
  private async reconcileConfig(name: string): Promise<void> {
    const config = await find<BuildConfigThing>(
      this.api,
      pathOf('buildconfigs', this.namespace, name),
    );
    if (config === undefined || (config.status?.lastVersion ?? 0) > 0) return;
    if (!config.spec.triggers.some(({ type }) => type === 'ConfigChange')) return;
    const answer = await instantiate(this.api, this.namespace, name, {
      lastVersion: 0,
      triggeredBy: [{ message: 'Build configuration change' }],
    });
    if (answer.code === 500) setTimeout(() => this.lookAtConfig(name), RETRY_MS).unref();
  }

  private async reconcileBuild(name: string): Promise<void> {
    const { api, tools, namespace } = this;
    const build = await find<BuildThing>(api, pathOf('builds', namespace, name));
    if (build === undefined) return;
    const pod = await find<PodThing>(api, pathOf('pods', namespace, `${name}-build`));
    const { phase, cancelled } = build.status;
    if (TERMINAL.includes(phase)) {
      await complete(tools, build, pod);
      await this.prune(build);
    } else if (cancelled === true) await cancel(tools, build);
    else if (phase === 'New') await begin(tools, build);
    else if (pod === undefined) await lose(tools, build);
    else await follow(tools, build, pod);
  }

  /** Keeps as many ended Builds of a BuildConfig as it says. */
  private async prune(build: BuildThing): Promise<void> {
    const labels = build.metadata.labels ?? {};
    const config = await find<BuildConfigThing>(
      this.api,
      pathOf('buildconfigs', this.namespace, labels['buildconfig']),
    );
    if (config === undefined) return;
    const { items } = (await this.api.get(pathOf('builds', this.namespace), {
      query: { labelSelector: `buildconfig=${config.metadata.name}` },
    })) as { items: BuildThing[] };
    const { successfulBuildsHistoryLimit = 5, failedBuildsHistoryLimit = 5 } = config.spec;
    const newestFirst = items
      .filter(({ status }) => TERMINAL.includes(status.phase))
      .sort((a, b) => b.metadata.name.localeCompare(a.metadata.name));
    const good = newestFirst.filter(({ status }) => status.phase === 'Complete');
    const bad = newestFirst.filter(({ status }) => status.phase !== 'Complete');
    const surplus = [
      ...good.slice(successfulBuildsHistoryLimit),
      ...bad.slice(failedBuildsHistoryLimit),
    ];
    for (const { metadata } of surplus) {
      await this.api.remove(pathOf('builds', this.namespace, metadata.name));
    }
  }
}

/** What a step works on may be removed meanwhile, and an API server may be slow. */
function mayHappen(error: unknown): boolean {
  return isAmunError(error, 'NotFound') || isAmunError(error, 'Unavailable');
}
