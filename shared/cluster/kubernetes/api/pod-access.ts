import { readFile } from 'node:fs/promises';
import { isIPv6 } from 'node:net';
import path from 'node:path';
import type { KubernetesEnvironment } from '../../../config/kubernetes-environment.js';
import { AmunError } from '../../../errors/amun-error.js';
import type { Access } from './access.js';

/**
 * Where a pod finds the files `token` and `ca.crt`. A secret that somebody mounted into a function
 * on purpose comes before the service account that every pod gets.
 */
const FOLDERS = ['/var/openfaas/secrets', '/var/run/secrets/kubernetes.io/serviceaccount'];

/**
 * The way to the API server of the pod that this process runs in; undefined where it runs in none,
 * or where the pod has no service account.
 */
export async function podAccess(
  service: KubernetesEnvironment['service'],
  folders: readonly string[] = FOLDERS,
): Promise<Access | undefined> {
  if (service === undefined) return undefined;
  for (const folder of folders) {
    const token = await readIfThere(path.join(folder, 'token'));
    const ca = await readIfThere(path.join(folder, 'ca.crt'));
    if (token === undefined || ca === undefined) continue;
    const host = isIPv6(service.host) ? `[${service.host}]` : service.host;
    return {
      url: `https://${host}:${service.port}`,
      namespace: await readIfThere(path.join(folder, 'namespace')),
      read: async () => ({
        headers: { authorization: `Bearer ${await readNow(path.join(folder, 'token'))}` },
        tls: { ca: await readNow(path.join(folder, 'ca.crt')) },
      }),
    };
  }
  return undefined;
}

async function readIfThere(file: string): Promise<string | undefined> {
  return await readFile(file, 'utf8').then(
    (text) => text.trim() || undefined,
    () => undefined,
  );
}

async function readNow(file: string): Promise<string> {
  const text = await readIfThere(file);
  if (text !== undefined) return text;
  throw new AmunError(
    'Unavailable',
    `${file} cannot be read; is the service account still mounted?`,
  );
}
