import { AmunError, isAmunError } from '../../errors/amun-error.js';
import { asObject } from '../../json/read-json.js';
import type { ApiServer } from '../kubernetes/api/api-server.js';
import type { PackedRequest, StoredBuild } from '../kubernetes/manifests/stored-request.js';
import { ANNOTATION_ATTEMPTS } from '../kubernetes/names.js';
import type { Nodes } from '../kubernetes/nodes.js';
import { MOST_ATTEMPTS } from '../kubernetes/observe/attempts.js';
import { parseOwner } from '../kubernetes/observe/parse-owner.js';
import { asInteger, asText, asTexts } from '../kubernetes/read-fields.js';
import { makeOwner, readRequest, removeOwner } from '../kubernetes/owners.js';
import { configMapsPath } from '../kubernetes/paths.js';
import { orMissing } from '../kubernetes/read-objects.js';
import type { ClusterRef } from '../port.js';
import { chooseNodeLabels } from './choose-nodes.js';
import { instantiate } from './instantiate.js';
import { buildConfigManifest, imageStreamManifest } from './manifests/build-config.js';
import { folderMaps } from './manifests/folder-maps.js';
import { imageStreamName } from './names.js';
import type { OpenShiftOptions } from './options.js';
import { buildConfigsPath, imageStreamsPath } from './paths.js';
import { listBuilds } from './read-builds.js';

/** What builds are made with. */
export interface BuildMaker {
  readonly api: ApiServer;
  readonly options: OpenShiftOptions;
  readonly nodes: Nodes;
}

/**
 * Makes the objects of a build, the BuildConfig last: what it names has to be there, since OpenShift
 * leaves a Build without its ConfigMap in New for ever. What is there already stays; what a caller
 * before did not get to is made. What OpenShift refuses for good leaves nothing behind.
 */
export async function makeBuild(maker: BuildMaker, packed: PackedRequest): Promise<void> {
  const { api, options } = maker;
  const { namespace } = options;
  const { stored, data } = packed;
  if (stored.kind !== 'build') throw new AmunError('Internal', `${stored.id} is no build.`);
  const { owner, isNew } = await makeOwner(api, namespace, packed, undefined);
  if (owner === undefined || owner.refusal !== undefined || owner.isCancelled) return;
  if (!isNew && (await listBuilds(api, namespace, stored)).length > 0) return;
  try {
    await makeParts(maker, stored, data, owner.uid);
  } catch (error) {
    if (isAmunError(error) && !error.entry.retryable) {
      await removeOwner(api, namespace, stored);
      await orMissing(api.remove(imageStreamsPath(namespace, imageStreamName(stored.id))));
    }
    throw error;
  }
}

/**
 * Starts another Build of a build that is stalled, and notes how many there were. Any number of
 * callers at once start one: OpenShift compares how many there were with what each has seen.
 */
export async function startAgain(maker: BuildMaker, ref: ClusterRef): Promise<void> {
  const { api, options } = maker;
  const { namespace } = options;
  const object = await orMissing(api.get(configMapsPath(namespace, ref.id)));
  const owner = parseOwner(object);
  if (owner?.ref.kind !== 'build') return;
  const stored = readRequest(object, ref);
  if (stored.kind !== 'build') return;
  const data = asTexts(asObject(object)['data']);
  // A new BuildConfig starts its first Build by itself.
  if (await makeParts(maker, stored, data, owner.uid)) return;
  const config = asObject(await api.get(buildConfigsPath(namespace, ref.id)));
  const made = asInteger(asObject(config['status'])['lastVersion']) ?? 0;
  const attempts = JSON.stringify({ 0: made + 1 });
  await api.patch(configMapsPath(namespace, ref.id), {
    metadata: { annotations: { [ANNOTATION_ATTEMPTS]: attempts } },
  });
  if (made < MOST_ATTEMPTS) await instantiate(api, namespace, ref.id, made);
}

/** @returns true where the BuildConfig was not there yet */
async function makeParts(
  { api, options, nodes }: BuildMaker,
  stored: StoredBuild,
  data: Readonly<Record<string, string>>,
  ownerUid: string,
): Promise<boolean> {
  const { namespace, buildNodeSelector, pullSecret } = options;
  for (const map of folderMaps(namespace, stored, data, ownerUid)) {
    await unlessThere(api.create(configMapsPath(namespace), map));
  }
  const stream = imageStreamManifest(namespace, stored);
  requireRegistry(await unlessThere(api.create(imageStreamsPath(namespace), stream)));
  const hardware = await chooseNodeLabels(nodes, stored.requests.hardware);
  const config = buildConfigManifest(stored, {
    ...{ namespace, ownerUid, data },
    nodeSelector: { ...hardware, ...buildNodeSelector },
    ...(pullSecret === undefined ? {} : { pullSecret }),
  });
  const made = await unlessThere(api.create(buildConfigsPath(namespace), config)).catch(
    explainStrategy,
  );
  return made !== undefined;
}

/** undefined in place of AlreadyExists. */
async function unlessThere(making: Promise<unknown>): Promise<unknown> {
  try {
    return await making;
  } catch (error) {
    if (isAmunError(error, 'AlreadyExists')) return undefined;
    throw error;
  }
}

/** An ImageStream says at once where its images are kept. Without that its builds wait for ever. */
function requireRegistry(stream: unknown): void {
  if (stream === undefined) return;
  const status = asObject(asObject(stream)['status']);
  if (asText(status['dockerImageRepository'], 1024)) return;
  throw new AmunError(
    'InvalidRequest',
    'This OpenShift has no internal image registry, which its builds push to; enable it, or set AMUN_CLUSTER=kubernetes and AMUN_REGISTRY.',
  );
}

/** Administrators may take the right to use the Docker strategy from everybody. */
function explainStrategy(error: unknown): never {
  if (!isAmunError(error, 'Forbidden') || !/strategy/i.test(error.message)) throw error;
  throw new AmunError(
    'Forbidden',
    `${error.message} Allow it: oc adm policy add-cluster-role-to-user system:build-strategy-docker USER`,
    { cause: error },
  );
}
