import { createBuildContext } from '../../../../../shared/dockerfile/create-build-context.js';
import {
  buildConfigManifest,
  imageStreamManifest,
} from '../../../../../shared/cluster/openshift/manifests/build-config.js';
import { folderMaps } from '../../../../../shared/cluster/openshift/manifests/folder-maps.js';
import { packBuild } from '../../../../../shared/cluster/openshift/manifests/pack-build.js';
import type { StoredBuild } from '../../../../../shared/cluster/kubernetes/manifests/stored-request.js';
import { admitBuildConfig, admitImageStream } from '../../../../openshift/admission.js';
import { parseSpecification } from '../../../../../shared/inspection/parse-specification.js';
import { TENSORFLOW } from '../../../inspection/good-specifications.js';

const OPERATOR = { environment: {} };
const DOCKERFILE = { path: 'Dockerfile', content: 'FROM base\n', mode: 0o644 };

function pack(files: { path: string; content: string; mode: number }[], id = 'build-1') {
  const requests = { cpu: '500m', memory: '1Gi', hardware: {} };
  const request = { id, context: { files }, requests, timeoutSeconds: 600 };
  const { stored, data } = packBuild(OPERATOR, request);
  return { stored: stored as StoredBuild, data };
}

function configOf(packed: ReturnType<typeof pack>, more: object = {}) {
  const parts = { namespace: 'ns', ownerUid: 'uid', data: packed.data, nodeSelector: {} };
  return buildConfigManifest(packed.stored, { ...parts, ...more }) as Record<string, never>;
}

describe('a BuildConfig', () => {
  it('is what OpenShift admits, and belongs to the ConfigMap that is its source', () => {
    const config = configOf(pack([DOCKERFILE]));
    expect(admitBuildConfig(config)).toBeUndefined();
    expect(config).toMatchObject({
      metadata: {
        name: 'build-1',
        labels: { 'amun.io/kind': 'build', 'amun.io/id': 'build-1', 'amun.io/owner': 'uid' },
        ownerReferences: [{ kind: 'ConfigMap', name: 'build-1', uid: 'uid' }],
      },
      spec: {
        triggers: [{ type: 'ConfigChange' }],
        source: { dockerfile: 'FROM base\n', configMaps: [{ configMap: { name: 'build-1' } }] },
        output: { to: { kind: 'ImageStreamTag', name: 'build-1:latest' } },
        resources: { requests: { cpu: '500m' }, limits: { memory: String(1152 * 1024 ** 2) } },
        completionDeadlineSeconds: 600,
        failedBuildsHistoryLimit: 3,
      },
    });
    expect(config).not.toHaveProperty('spec.nodeSelector');
    expect(config).not.toHaveProperty('spec.strategy.dockerStrategy.pullSecret');
  });

  it('says where to build, and with which Secret', () => {
    const config = configOf(pack([DOCKERFILE]), {
      nodeSelector: { pool: 'builds' },
      pullSecret: 'bases',
    });
    expect(config).toMatchObject({
      spec: {
        nodeSelector: { pool: 'builds' },
        strategy: { dockerStrategy: { pullSecret: { name: 'bases' } } },
      },
    });
  });

  it('pushes to an ImageStream whose name OpenShift admits, whatever the id', () => {
    for (const id of ['build-1', 'build--1', 'a---b', `build-${'0'.repeat(32)}-12`]) {
      const packed = pack([DOCKERFILE], id);
      const stream = imageStreamManifest('ns', packed.stored) as Record<string, never>;
      expect(admitImageStream(stream)).toBeUndefined();
      expect(admitBuildConfig(configOf(packed))).toBeUndefined();
      expect(stream).not.toHaveProperty('metadata.ownerReferences');
    }
    expect(admitImageStream({ metadata: { name: 'a--b' } })).toMatchObject({ code: 422 });
  });

  it('is none without a Dockerfile', () => {
    const packed = pack([{ ...DOCKERFILE, path: 'other' }]);
    expect(() => configOf(packed)).toThrow('no Dockerfile');
  });
});

describe('a context in ConfigMaps', () => {
  it('has the files of its root under their own names', () => {
    const { stored, data } = pack([DOCKERFILE, { path: 'a.sh', content: 'echo', mode: 0o755 }]);
    expect(data).toEqual({
      Dockerfile: 'FROM base\n',
      'a.sh': 'echo',
      'request.json': JSON.stringify(stored),
    });
    expect(folderMaps('ns', stored, data, 'uid')).toEqual([]);
  });

  it('has those of folders, and those of taken names, in a ConfigMap each', () => {
    const packed = pack([
      DOCKERFILE,
      { path: 'b/c/deep', content: 'deep', mode: 0o644 },
      { path: 'request.json', content: 'mine', mode: 0o644 },
      { path: 'b/one', content: 'one', mode: 0o644 },
      { path: 'amun-file-1', content: 'mine too', mode: 0o644 },
      { path: 'b/two', content: 'two', mode: 0o644 },
    ]);
    const maps = folderMaps('ns', packed.stored, packed.data, 'uid');
    expect(maps.map(({ metadata, data }) => [metadata?.name, data])).toEqual([
      ['build-1-folder-0', { 'request.json': 'mine', 'amun-file-1': 'mine too' }],
      ['build-1-folder-1', { one: 'one', two: 'two' }],
      ['build-1-folder-2', { deep: 'deep' }],
    ]);
    const config = configOf(packed);
    expect(admitBuildConfig(config)).toBeUndefined();
    expect(config).toMatchObject({
      spec: {
        source: {
          configMaps: [
            { configMap: { name: 'build-1' } },
            { configMap: { name: 'build-1-folder-0' }, destinationDir: '.' },
            { configMap: { name: 'build-1-folder-1' }, destinationDir: 'b' },
            { configMap: { name: 'build-1-folder-2' }, destinationDir: 'b/c' },
          ],
        },
      },
    });
  });

  it.each(['../out', '/abs', 'a//b', 'a/../b', '..', 'spa ce', '', '.', '..hidden'])(
    'has no file called %j',
    (path) => {
      expect(() => pack([DOCKERFILE, { path, content: '', mode: 0o644 }])).toThrow(
        'cannot be the path',
      );
    },
  );

  it('of our own making needs no folders, and no modes', () => {
    const { files } = createBuildContext(parseSpecification(TENSORFLOW));
    const packed = pack([...files]);
    expect(folderMaps('ns', packed.stored, packed.data, 'uid')).toEqual([]);
    expect(packed.data['Dockerfile']).not.toMatch(/^(?:COPY|ADD) /m);
    expect(new Set(files.map(({ mode }) => mode))).toEqual(new Set([0o644]));
    expect(admitBuildConfig(configOf(packed))).toBeUndefined();
  });
});
