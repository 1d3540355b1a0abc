import type { ApiServer } from '../kubernetes/api/api-server.js';
import { ANNOTATION_CANCELLED } from '../kubernetes/names.js';
import { configMapsPath } from '../kubernetes/paths.js';
import { orMissing, readOwner } from '../kubernetes/read-objects.js';
import type { ClusterRef } from '../port.js';
import { buildConfigsPath, buildsPath } from './paths.js';
import { listBuilds } from './read-builds.js';

const ENDED = new Set(['Complete', 'Failed', 'Error', 'Cancelled']);

/**
 * Cancels a build: notes it, so that no Build is started any more, then has OpenShift end the one
 * that there is. Where there is none yet, its BuildConfig goes, so that none begins.
 */
export async function cancelBuild(
  api: ApiServer,
  namespace: string,
  ref: ClusterRef,
): Promise<void> {
  if ((await readOwner(api, namespace, ref)) === undefined) return;
  await orMissing(
    api.patch(configMapsPath(namespace, ref.id), {
      metadata: { annotations: { [ANNOTATION_CANCELLED]: 'true' } },
    }),
  );
  const builds = await listBuilds(api, namespace, ref);
  if (builds.length === 0) await orMissing(api.remove(buildConfigsPath(namespace, ref.id)));
  for (const { name, phase } of builds) {
    if (ENDED.has(phase)) continue;
    await orMissing(api.patch(buildsPath(namespace, name), { status: { cancelled: true } }));
  }
}
