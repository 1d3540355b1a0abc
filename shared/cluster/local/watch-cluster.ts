import { createHash } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { keyOf } from '../key-of.js';
import type { ClusterRef, WatchEvent } from '../port.js';
import { FolderWatch } from './folder-watch.js';
import { isId, kindFolder, type Layout } from './layout.js';
import { hasMark, listIds, readBuild, readJob } from './read-cluster.js';
import { WakeUp } from '../wake-up.js';

/** For systems that cannot watch folders, and for what a full watch queue dropped. */
const FALLBACK_MS = 5000;
const KINDS = ['build', 'job'] as const;

/** Yields what there is, `synced`, then every change, until the signal. */
export async function* watchCluster(
  layout: Layout,
  signal: AbortSignal,
): AsyncGenerator<WatchEvent> {
  const wakeUp = new WakeUp();
  const changed = new Map<string, ClusterRef>();
  const folders = new Map(KINDS.map((kind) => [kindFolder(layout, kind), kind]));
  const watch = new FolderWatch((folder, name) => {
    const kind = folders.get(folder);
    if (kind === undefined || name === undefined || !isId(name)) return;
    const ref: ClusterRef = { kind, id: name };
    changed.set(keyOf(ref), ref);
    wakeUp.ring();
  });
  const view = new View(layout);
  try {
    for (const folder of folders.keys()) {
      await mkdir(folder, { recursive: true });
      watch.add(folder);
    }
    for (const ref of await view.list()) yield* view.look(ref);
    yield { kind: 'synced' };
    while (!signal.aborted) {
      const wasRung = await wakeUp.sleep(FALLBACK_MS, signal);
      const refs = wasRung ? [...changed.values()] : await view.list();
      changed.clear();
      for (const ref of refs) yield* view.look(ref);
    }
  } finally {
    watch.close();
  }
}

/** What the watch has shown so far, so that nothing comes twice for nothing. */
class View {
  private readonly shown = new Map<string, { readonly ref: ClusterRef; readonly digest: string }>();

  constructor(private readonly layout: Layout) {}

  /** Everything there is, and everything that was there at the last look. */
  async list(): Promise<ClusterRef[]> {
    const refs = new Map([...this.shown].map(([key, { ref }]) => [key, ref]));
    for (const kind of KINDS) {
      for (const id of await listIds(this.layout, kind))
        refs.set(keyOf({ kind, id }), { kind, id });
    }
    return [...refs.values()];
  }

  async *look(ref: ClusterRef): AsyncGenerator<WatchEvent> {
    const key = keyOf(ref);
    const isCollected = await hasMark(this.layout, ref, 'collected');
    const event = isCollected ? undefined : await this.read(ref);
    if (event === undefined) {
      if (this.shown.delete(key)) yield { kind: 'gone', ref };
      return;
    }
    const digest = createHash('sha1').update(JSON.stringify(event)).digest('base64');
    if (this.shown.get(key)?.digest === digest) return;
    this.shown.set(key, { ref, digest });
    yield event;
  }

  private async read({ kind, id }: ClusterRef): Promise<WatchEvent | undefined> {
    if (kind === 'build') {
      const observation = await readBuild(this.layout, id);
      return observation && { kind, id, observation };
    }
    const observation = await readJob(this.layout, id);
    return observation && { kind, id, observation };
  }
}
