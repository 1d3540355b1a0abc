import { chown, cp, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { BUILDER_IMAGE } from '../builder-image.js';
import type { NodeCluster } from '../shared/cluster/kubernetes/node-cluster.js';

export const AMUN_IMAGE = 'localhost/amun';
export const NATS_IMAGE = 'localhost/nats';
export const TAG = '1';
/** As whom the overlay runs nats-server. */
const NATS_USER = 1000;

/**
 * Writes a folder to be applied with `kubectl apply -k`: the overlay `standalone` with what such a
 * cluster needs. Requests may come to the gateway by its Service's address, too.
 *
 * @returns the folder
 */
export async function writeSite(
  folder: string,
  { registry }: NodeCluster,
  gatewayAddress: string,
  natsToken: string,
): Promise<string> {
  await cp('deploy', join(folder, 'deploy'), { recursive: true });
  const settings = await readFile('deploy/standalone/settings.env', 'utf8');
  const [, hosts = ''] = /^AMUN_ALLOWED_HOSTS=(.*)$/m.exec(settings) ?? [];
  const service = { op: 'add', path: '/spec/clusterIP', value: gatewayAddress };
  const site = {
    resources: ['../deploy/standalone'],
    images: [
      { name: 'amun', newName: AMUN_IMAGE, newTag: TAG },
      { name: 'nats', newName: NATS_IMAGE, newTag: TAG },
    ],
    configMapGenerator: [
      {
        ...{ name: 'amun', namespace: 'amun', behavior: 'merge' },
        literals: [
          `AMUN_REGISTRY=${registry}/amun`,
          `AMUN_INSECURE_REGISTRIES=${registry}`,
          `AMUN_BUILDER_IMAGE=${BUILDER_IMAGE}`,
          `AMUN_ALLOWED_HOSTS=${hosts},${gatewayAddress}`,
        ],
      },
    ],
    secretGenerator: [
      {
        ...{ name: 'amun-nats-token', namespace: 'amun' },
        literals: [`amun-nats-token=${natsToken}`],
      },
    ],
    patches: [{ target: { kind: 'Service', name: 'gateway' }, patch: JSON.stringify([service]) }],
  };
  const place = join(folder, 'site');
  await mkdir(place);
  await writeFile(join(place, 'kustomization.yaml'), stringify(site));
  return place;
}

/** A volume for NATS, for a cluster that has no storage class: a folder of this machine. */
export async function natsVolume(folder: string): Promise<object> {
  const path = join(folder, 'nats');
  await mkdir(path);
  await chown(path, NATS_USER, NATS_USER);
  return {
    apiVersion: 'v1',
    kind: 'PersistentVolume',
    metadata: { name: 'nats' },
    spec: {
      capacity: { storage: '10Gi' },
      accessModes: ['ReadWriteOnce'],
      hostPath: { path },
    },
  };
}
