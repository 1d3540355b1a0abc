import { setTimeout as sleep } from 'node:timers/promises';
import { isAmunError } from '../../errors/amun-error.js';
import type { ApiServer } from '../kubernetes/api/api-server.js';
import { buildConfigsPath } from './paths.js';

/** OpenShift's controllers take a second to make it in a new namespace. */
const NO_BUILDER = /serviceaccounts? "builder" not found/;
const MOST_TRIES = 10;
const PAUSE_MS = 1000;
const OTHER_VERSION = /does not match the build request LastVersion/;

/**
 * Asks for one more Build of a BuildConfig. Where there are other than `made` by now, somebody else
 * was first, and that is success.
 */
export async function instantiate(
  api: ApiServer,
  namespace: string,
  name: string,
  made: number,
): Promise<void> {
  const request = {
    kind: 'BuildRequest',
    apiVersion: 'build.openshift.io/v1',
    metadata: { name, namespace },
    triggeredBy: [{ message: 'Amun builds again what was taken from its machine' }],
    lastVersion: made,
  };
  for (let tries = 1; ; tries += 1) {
    try {
      await api.create(`${buildConfigsPath(namespace, name)}/instantiate`, request);
      return;
    } catch (error) {
      if (!isAmunError(error)) throw error;
      if (OTHER_VERSION.test(error.message)) return;
      if (tries >= MOST_TRIES || !NO_BUILDER.test(error.message)) throw error;
      await sleep(PAUSE_MS);
    }
  }
}
