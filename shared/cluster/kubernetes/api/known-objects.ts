import type { KubeObject } from './kube-object.js';
import type { ObjectEvent } from './object-event.js';

interface Remembered {
  readonly uid: string;
  resourceVersion: string;
  /** The list that last had it. */
  list: number;
}

/**
 * The objects told of so far: as little of each as tells whether something about it is news, and
 * whether a name still stands for the same object.
 */
export class KnownObjects {
  private readonly objects = new Map<string, Remembered>();
  private list = 0;

  /** A list begins, perhaps anew. */
  beginList(): void {
    this.list += 1;
  }

  /** A list has ended: what it did not have is gone. */
  *endList(): Generator<ObjectEvent> {
    for (const [key, remembered] of this.objects) {
      if (remembered.list === this.list) continue;
      this.objects.delete(key);
      yield { type: 'gone', object: recall(key, remembered) };
    }
  }

  /** The object is there. Nothing where that is known already. */
  *present(object: KubeObject): Generator<ObjectEvent> {
    const { uid, resourceVersion } = object.metadata;
    const key = keyOf(object);
    const before = this.objects.get(key);
    if (before?.uid === uid) {
      before.list = this.list;
      if (before.resourceVersion === resourceVersion) return;
      before.resourceVersion = resourceVersion;
    } else {
      this.objects.set(key, { uid, resourceVersion, list: this.list });
      if (before !== undefined) yield { type: 'gone', object: recall(key, before) };
    }
    yield { type: 'present', object };
  }

  /** The object was deleted. Nothing where it was never told of, or its name is another's by now. */
  *gone(object: KubeObject): Generator<ObjectEvent> {
    const key = keyOf(object);
    if (this.objects.get(key)?.uid !== object.metadata.uid) return;
    this.objects.delete(key);
    yield { type: 'gone', object };
  }
}

function keyOf({ metadata: { namespace = '', name } }: KubeObject): string {
  return `${namespace}/${name}`;
}

function recall(key: string, { uid, resourceVersion }: Remembered): KubeObject {
  const slash = key.indexOf('/');
  const namespace = key.slice(0, slash);
  const identity = {
    name: key.slice(slash + 1),
    ...(namespace === '' ? {} : { namespace }),
    uid,
    resourceVersion,
  };
  return {
    metadata: { ...identity, labels: {}, annotations: {}, ownerReferences: [] },
    raw: { metadata: identity },
  };
}
