import { setImmediate as turn } from 'node:timers/promises';
import type { ApiServer, Query } from '../../../../shared/cluster/kubernetes/api/api-server.js';
import { AmunError } from '../../../../shared/errors/amun-error.js';

export interface Call {
  readonly verb: 'get' | 'create' | 'patch' | 'remove';
  readonly path: string;
  readonly body?: FakeObject;
}

/** JSON as Kubernetes has it, as far as tests look at it. */
export interface FakeObject {
  metadata: {
    name: string;
    uid?: string;
    creationTimestamp?: string;
    labels?: Record<string, string>;
    annotations?: Record<string, string>;
    ownerReferences?: { uid: string }[];
  };
  data?: Record<string, string>;
  immutable?: boolean;
  spec?: Record<string, unknown>;
  status?: object;
}

/** The part of an API server that making and ending pods takes, within one process. */
export interface FakeApiServer extends ApiServer {
  readonly calls: readonly Call[];
  /** What there is, by path. */
  readonly objects: Map<string, FakeObject>;
  /** Asked before each call is carried out; what it throws is the answer. */
  before: (call: Call) => void | Promise<void>;
  /** Names of what there is of a kind ("pods"), sorted. */
  names(kind: string): string[];
}

export function createFakeApiServer(): FakeApiServer {
  const objects = new Map<string, FakeObject>();
  const calls: Call[] = [];
  let count = 0;

  async function take(call: Call): Promise<void> {
    // Others get their turn, as they do while a server is asked.
    await turn();
    await api.before(call);
    calls.push(call);
  }

  function find(path: string): FakeObject {
    const found = objects.get(path);
    if (found === undefined) throw new AmunError('NotFound', `${path} not found`);
    return found;
  }

  const api: FakeApiServer = {
    url: 'https://fake.example.com',
    namespace: undefined,
    calls,
    objects,
    before: () => undefined,
    names: (kind) =>
      [...objects]
        .flatMap(([path, { metadata }]) => (path.includes(`/${kind}/`) ? [metadata.name] : []))
        .sort(),

    async get(path, { query = {}, metadataOnly = false } = {}) {
      await take({ verb: 'get', path });
      if (!/\/(?:configmaps|pods|nodes)$/.test(path)) return copy(find(path), metadataOnly);
      const items = [...objects].filter(
        ([name, object]) => name.startsWith(`${path}/`) && isSelected(object, query),
      );
      return { items: items.map(([, object]) => copy(object, metadataOnly)) };
    },

    async create(path, object) {
      const body = structuredClone(object) as FakeObject;
      await take({ verb: 'create', path, body });
      const place = `${path}/${body.metadata.name}`;
      if (objects.has(place)) throw new AmunError('AlreadyExists', `${place} already exists`);
      count += 1;
      const creationTimestamp = new Date().toISOString();
      const metadata = { ...body.metadata, uid: `uid-${count}`, creationTimestamp };
      const made = { ...body, metadata, status: { phase: 'Pending' } };
      objects.set(place, made);
      return copy(made);
    },

    async patch(path, patch) {
      await take({ verb: 'patch', path, body: structuredClone(patch) as FakeObject });
      const merged = merge(find(path), patch) as FakeObject;
      objects.set(path, merged);
      return copy(merged);
    },

    async remove(path) {
      await take({ verb: 'remove', path });
      const { uid } = find(path).metadata;
      objects.delete(path);
      for (const [place, { metadata }] of objects) {
        if (metadata.ownerReferences?.some((owner) => owner.uid === uid)) objects.delete(place);
      }
    },

    stream() {
      throw new AmunError('NotFound', 'There are no logs here.');
    },
    close: () => undefined,
  };
  return api;
}

function copy(object: FakeObject, metadataOnly = false): object {
  const { metadata, ...rest } = structuredClone(object);
  return metadataOnly ? { kind: 'PartialObjectMetadata', metadata } : { metadata, ...rest };
}

/** Equality alone. */
function isSelected({ metadata: { labels = {} } }: FakeObject, { labelSelector }: Query): boolean {
  if (typeof labelSelector !== 'string') return true;
  return labelSelector.split(',').every((term) => {
    const [key = '', value] = term.split('=');
    return labels[key] === value;
  });
}

/** RFC 7386. */
function merge(target: unknown, patch: unknown): unknown {
  if (typeof patch !== 'object' || patch === null || Array.isArray(patch)) return patch;
  const merged = { ...(target as Record<string, unknown> | undefined) };
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) Reflect.deleteProperty(merged, key);
    else merged[key] = merge(merged[key], value);
  }
  return merged;
}
