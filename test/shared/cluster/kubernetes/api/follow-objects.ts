import type { ApiServer } from '../../../../../shared/cluster/kubernetes/api/api-server.js';
import { listAndWatch } from '../../../../../shared/cluster/kubernetes/api/list-and-watch.js';
import type { Selection } from '../../../../../shared/cluster/kubernetes/api/selection.js';

/** What a list with a watch has told so far. */
export interface Followed {
  /** UIDs of what is there, by name. */
  readonly present: ReadonlyMap<string, string>;
  /** How often "listed" came. */
  readonly lists: number;
  readonly events: number;
  /** Events that cannot follow on those before: a name that changes its UID, a "gone" of nothing. */
  readonly wrong: readonly string[];
  readonly gone: readonly string[];
  stop(): Promise<void>;
}

/** Keeps a picture of what is there, as a caller of listAndWatch would. */
export function followObjects(api: ApiServer, selection: Omit<Selection, 'signal'>): Followed {
  const controller = new AbortController();
  const present = new Map<string, string>();
  const wrong: string[] = [];
  const gone: string[] = [];
  let lists = 0;
  let events = 0;
  const running = (async () => {
    for await (const event of listAndWatch(api, { ...selection, signal: controller.signal })) {
      if (event.type === 'listed') {
        lists += 1;
        continue;
      }
      events += 1;
      const { name, uid } = event.object.metadata;
      const before = present.get(name);
      if (event.type === 'present') {
        if (before !== undefined && before !== uid) wrong.push(`${name} is another one`);
        present.set(name, uid);
      } else {
        if (before !== uid) wrong.push(`${name} was not there`);
        present.delete(name);
        gone.push(name);
      }
    }
  })();
  return {
    present,
    wrong,
    gone,
    get lists() {
      return lists;
    },
    get events() {
      return events;
    },
    async stop() {
      controller.abort();
      await running;
    },
  };
}
