import fc from 'fast-check';
import { parseStoredRequest } from '../../../../../shared/cluster/kubernetes/manifests/parse-stored-request.js';
import {
  observeBuild,
  observeJob,
} from '../../../../../shared/cluster/kubernetes/observe/observe-owner.js';
import { parseNode } from '../../../../../shared/cluster/kubernetes/observe/parse-node.js';
import { parseOwner } from '../../../../../shared/cluster/kubernetes/observe/parse-owner.js';
import { parsePod } from '../../../../../shared/cluster/kubernetes/observe/parse-pod.js';
import { whyUnschedulable } from '../../../../../shared/cluster/kubernetes/why-unschedulable.js';
import { isId } from '../../../../../shared/cluster/kubernetes/names.js';
import { condition, JOB, main, ownerObject, podObject, terminated, viewpoint } from '../objects.js';

/** More than any object of ours says; an object of the cluster has at most 1.5 MB. */
const MOST_BYTES = 64 * 1024;
const PLACEMENT = { nodeSelector: { pool: 'a' }, tolerations: [], annotations: {} };
const REQUESTS = { cpu: '1', memory: '1Gi', hardware: { cpu_family: 6, gpu: 1 } };

/** Anything JSON can say, with the names that tests of types forget. */
const ANYTHING = fc.oneof(
  fc.jsonValue(),
  fc.constantFrom(
    ...[null, '', 0, -1, 1e308, true, [], {}, '__proto__', 'constructor', 'x'.repeat(100_000)],
    JSON.parse('{"__proto__":{"kind":"job"},"constructor":{"prototype":{}}}'),
    '9'.repeat(400),
    '\u0000\ud800',
    '+275760-09-13T00:00:00Z',
  ),
);

/** The object, with anything in place of some of its values, at any depth. */
function spoiled(object: unknown): fc.Arbitrary<unknown> {
  const paths = pathsOf(object);
  return fc
    .array(fc.tuple(fc.constantFrom(...paths), ANYTHING), { minLength: 1, maxLength: 4 })
    .map((changes) => changes.reduce((made, [path, value]) => put(made, path, value), object));
}

function pathsOf(value: unknown): string[][] {
  if (typeof value !== 'object' || value === null) return [[]];
  return [
    [],
    ...Object.entries(value).flatMap(([key, inner]) =>
      pathsOf(inner).map((path) => [key, ...path]),
    ),
  ];
}

function put(target: unknown, [key, ...rest]: readonly string[], value: unknown): unknown {
  if (key === undefined) return value;
  if (typeof target !== 'object' || target === null) return target;
  const copy = (Array.isArray(target) ? [...(target as unknown[])] : { ...target }) as Record<
    string,
    unknown
  >;
  copy[key] = put(copy[key], rest, value);
  return copy;
}

const OWNER = ownerObject(JOB, {
  items: 3,
  annotations: {
    'amun.io/cancelled': 'false',
    'amun.io/attempts': '{"0":2}',
    'amun.io/held': 'exceeded quota',
    'amun.io/refused': 'ImageNotFound: gone',
  },
});
const POD = podObject(JOB, {
  phase: 'Failed',
  reason: 'Evicted',
  message: 'low on resource',
  ...main(terminated(1, 'Error', { message: 'words' })),
  ...condition('DisruptionTarget', 'True', 'TerminationByKubelet', 'words'),
  initContainerStatuses: [{ name: 'hwinfo', state: { running: {} } }],
});
const NODE = {
  metadata: { labels: { pool: 'a', CPU_FAMILY: '6' } },
  spec: { taints: [{ key: 'a', value: 'b', effect: 'NoSchedule' }] },
  status: { allocatable: { cpu: '4', memory: '8Gi', 'nvidia.com/gpu': '1' } },
};
const STORED = {
  kind: 'job',
  ...{ id: JOB.id, image: 'x', batchSize: 1, init: ['a'], command: ['b'], timeoutSeconds: 1 },
  files: [{ key: 'file-0', path: '/a', mode: 420 }],
  environment: [{ name: 'A', value: 'b' }],
  requests: REQUESTS,
};

describe('objects that nobody has vouched for', () => {
  it('are observed without a throw, in few words', () => {
    fc.assert(
      fc.property(spoiled(OWNER), spoiled(POD), (ownerObject, pod) => {
        const owner = parseOwner(ownerObject);
        const seen = parsePod(pod);
        const text = JSON.stringify([owner, seen]);
        expect(text.length).toBeLessThan(MOST_BYTES);
        if (owner === undefined) return;
        const view = viewpoint({ unschedulable: 'No node has it.' });
        const observe = owner.ref.kind === 'build' ? observeBuild : observeJob;
        const observation = observe(owner, seen === undefined ? [] : [seen], view);
        const perRun = JSON.stringify(observation).length / owner.items;
        expect(perRun).toBeLessThan(MOST_BYTES);
      }),
      { numRuns: 2000 },
    );
  });

  it('are never another’s: name, labels and owner agree', () => {
    fc.assert(
      fc.property(spoiled(OWNER), spoiled(POD), (ownerObject, podObject) => {
        const owner = parseOwner(ownerObject);
        if (owner !== undefined) {
          expect(isId(owner.ref.id)).toBe(true);
          expect((ownerObject as typeof OWNER)['metadata']).toMatchObject({ name: owner.ref.id });
        }
        const pod = parsePod(podObject);
        if (pod === undefined) return;
        const { metadata } = podObject as { metadata: { ownerReferences: object[] } };
        expect(pod.name.startsWith(`${pod.ref.id}-`)).toBe(true);
        expect(metadata.ownerReferences).toContainEqual(
          expect.objectContaining({ kind: 'ConfigMap', name: pod.ref.id, uid: pod.ownerUid }),
        );
      }),
      { numRuns: 2000 },
    );
  });

  it('are nodes that offer nothing strange', () => {
    fc.assert(
      fc.property(fc.array(spoiled(NODE), { maxLength: 3 }), (nodes) => {
        const seen = nodes.map(parseNode);
        for (const { cpus, memoryBytes, gpus } of seen) {
          expect([cpus, memoryBytes, gpus].every(Number.isFinite)).toBe(true);
        }
        const words = whyUnschedulable(REQUESTS, PLACEMENT, seen);
        expect((words ?? '').length).toBeLessThan(MOST_BYTES);
      }),
      { numRuns: 2000 },
    );
  });

  it('are stored requests only where every part is of its type', () => {
    expect(parseStoredRequest(JSON.stringify(STORED))).toEqual(STORED);
    fc.assert(
      fc.property(spoiled(STORED), (stored) => {
        const parsed = parseStoredRequest(JSON.stringify(stored));
        if (parsed?.kind !== 'job') return;
        const { image, command, init, files, environment } = parsed;
        const texts = [
          ...[image, ...command, ...init],
          ...files.flatMap(({ key, path }) => [key, path]),
          ...environment.flatMap(({ name, value }) => [name, value]),
        ];
        expect(texts.every((text) => typeof text === 'string')).toBe(true);
        expect(files.every(({ mode }) => Number.isSafeInteger(mode))).toBe(true);
      }),
      { numRuns: 2000 },
    );
    fc.assert(fc.property(ANYTHING, (text) => void parseStoredRequest(text)));
  });
});
