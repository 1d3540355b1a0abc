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
  /** By namespace and name: the name is a string that the object has anyway. */
  private readonly namespaces = new Map<string, Map<string, Remembered>>();
  private list = 0;

  /** A list begins, perhaps anew. */
  beginList(): void {
    this.list += 1;
  }

  /** A list has ended: what it did not have is gone. */
  *endList(): Generator<ObjectEvent> {
    for (const [namespace, objects] of this.namespaces) {
      for (const [name, remembered] of objects) {
        if (remembered.list === this.list) continue;
        objects.delete(name);
        yield { type: 'gone', object: recall(namespace, name, remembered) };
      }
    }
  }

  /** The object is there. Nothing where that is known already. */
  *present(object: KubeObject): Generator<ObjectEvent> {
    const { namespace = '', name, uid, resourceVersion } = object.metadata;
    const objects = this.within(namespace);
    const before = objects.get(name);
    if (before?.uid === uid) {
      before.list = this.list;
      if (before.resourceVersion === resourceVersion) return;
      before.resourceVersion = resourceVersion;
    } else {
      objects.set(name, { uid, resourceVersion, list: this.list });
      if (before !== undefined) yield { type: 'gone', object: recall(namespace, name, before) };
    }
    yield { type: 'present', object };
  }

  /** The object was deleted. Nothing where it was never told of, or its name is another's by now. */
  *gone(object: KubeObject): Generator<ObjectEvent> {
    const { namespace = '', name, uid } = object.metadata;
    const objects = this.within(namespace);
    if (objects.get(name)?.uid !== uid) return;
    objects.delete(name);
    yield { type: 'gone', object };
  }

  private within(namespace: string): Map<string, Remembered> {
    const known = this.namespaces.get(namespace);
    if (known !== undefined) return known;
    const objects = new Map<string, Remembered>();
    this.namespaces.set(namespace, objects);
    return objects;
  }
}

function recall(namespace: string, name: string, { uid, resourceVersion }: Remembered): KubeObject {
  const identity = {
    ...{ name, uid, resourceVersion },
    ...(namespace === '' ? {} : { namespace }),
  };
  return { metadata: identity, raw: { metadata: identity } };
}
