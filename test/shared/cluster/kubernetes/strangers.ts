import { DIGEST } from './objects.js';

/** Objects that wear our labels, and are not ours. */
export function* strangers(namespace: string, id: string, uid: string): Generator<object> {
  const ours = { 'app.kubernetes.io/managed-by': 'amun' };
  const labels = { ...ours, 'amun.io/kind': 'job', 'amun.io/id': id };
  const claims = { ...labels, 'amun.io/item': '0' };
  const build = `build-${'f'.repeat(32)}-1`;
  const map = (metadata: object, data = {}) => ({
    ...{ apiVersion: 'v1', kind: 'ConfigMap' },
    metadata: { namespace, ...metadata },
    data,
  });
  const failing = { 'realkube/run-ms': '0', 'realkube/exit-code': '9' };
  const pod = (metadata: object) => ({
    ...{ apiVersion: 'v1', kind: 'Pod' },
    metadata: { namespace, annotations: failing, ...metadata },
    spec: { restartPolicy: 'Never', containers: [{ name: 'main', image: 'x' }] },
  });
  const owner = { apiVersion: 'v1', kind: 'ConfigMap', name: id, uid };

  yield map({ name: 'bare', labels: ours });
  yield map({ name: 'large', labels }, { text: 'x'.repeat(1_000_000) });
  yield map({ name: 'another', labels: { ...labels, 'amun.io/kind': 'nothing' } });
  const annotations = { 'amun.io/batch-size': '1e9', 'amun.io/refused': 'x'.repeat(200_000) };
  yield map({ name: 'inspection-stranger', labels: { ...labels, 'amun.io/id': 'x' }, annotations });
  yield map({
    name: build,
    labels: { ...labels, 'amun.io/kind': 'build', 'amun.io/id': build },
    annotations: { 'amun.io/requests': '[', 'amun.io/attempts': '{"__proto__":9}' },
  });
  yield pod({ name: 'claims', labels: { ...claims, 'amun.io/attempt': '2' } });
  yield pod({
    name: 'claims-more',
    labels: { ...claims, 'amun.io/attempt': '2' },
    ownerReferences: [owner],
  });
  yield pod({
    name: `${id}-0-2`,
    labels: { ...claims, 'amun.io/attempt': '2' },
    ownerReferences: [{ ...owner, uid: '00000000-0000-0000-0000-000000000000' }],
  });
  yield pod({
    name: 'rubbish',
    labels: { ...claims, 'amun.io/item': '1e9', 'amun.io/attempt': 'x' },
  });
  yield pod({
    name: `${build}-0`,
    labels: { ...labels, 'amun.io/kind': 'build', 'amun.io/id': build, 'amun.io/item': '0' },
    annotations: { 'realkube/termination-message': DIGEST },
  });
}
