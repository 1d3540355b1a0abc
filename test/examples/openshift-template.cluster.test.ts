import { readFileSync } from 'node:fs';
import { openShiftCrds } from '../openshift/crds.js';
import { type Realkube, requireRealkube, startRealkube } from '../realkube.js';
import { parseTemplate, processTemplate } from './process-template.js';

const template = parseTemplate(readFileSync('examples/s2i-tensorflow/openshift.yaml', 'utf8'));
const GIVEN = {
  SOURCE_REPOSITORY_URL: 'https://git.example/benchmark.git',
  THOTH_HOST: 'thoth.example',
};

requireRealkube()('the objects of openshift.yaml, on a real API server', () => {
  let kube: Realkube;
  const objects = JSON.stringify({
    apiVersion: 'v1',
    kind: 'List',
    items: processTemplate(template, GIVEN),
  });

  beforeAll(async () => {
    kube = await startRealkube();
    const definitions = { apiVersion: 'v1', kind: 'List', items: openShiftCrds() };
    await kube.kubectl(['apply', '-f', '-'], JSON.stringify(definitions));
    await kube.kubectl(['wait', '--for=condition=Established', 'crd', '--all', '--timeout=120s']);
    const level = 'pod-security.kubernetes.io/enforce=restricted';
    await kube.kubectl(['create', 'namespace', 'example']);
    await kube.kubectl(['label', 'namespace', 'example', level]);
  }, 300_000);
  afterAll(() => kube.stop());

  it('are accepted without a warning, also where pods are restricted', async () => {
    const strict = ['--dry-run=server', '--validate=strict', '--warnings-as-errors'];
    const said = await kube.kubectl(['apply', '-n', 'example', ...strict, '-f', '-'], objects);
    expect(said.trim().split('\n')).toEqual([
      'imagestream.image.openshift.io/s2i-tensorflow-builder created (server dry run)',
      'imagestream.image.openshift.io/s2i-tensorflow created (server dry run)',
      'buildconfig.build.openshift.io/s2i-tensorflow created (server dry run)',
      'deployment.apps/s2i-tensorflow created (server dry run)',
    ]);
  });

  it('are found by their label, and gone by it', async () => {
    await kube.kubectl(['apply', '-n', 'example', '-f', '-'], objects);
    const kinds = 'imagestreams,buildconfigs,deployments';
    const all = ['-n', 'example', kinds, '--selector=app=s2i-tensorflow'];
    const names = async (): Promise<string[]> =>
      (await kube.kubectl(['get', ...all, '-o', 'name'])).split('\n').filter((name) => name !== '');
    expect(await names()).toHaveLength(4);
    await kube.kubectl(['delete', ...all]);
    expect(await names()).toEqual([]);
  });
});
