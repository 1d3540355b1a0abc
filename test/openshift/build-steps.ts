import type { ApiServer } from '../../shared/cluster/kubernetes/api/api-server.js';
import { buildPodOf, type BuildPodOptions } from './build-pod.js';
import {
  createOnce,
  find,
  pathOf,
  type BuildThing,
  type ContainerStatus,
  type PodThing,
  type StreamThing,
} from './objects.js';

const SNIPPET_LINES = 5;
const SNIPPET_WIDTH = 120;

/** What each step of a Build takes. */
export interface StepTools {
  readonly api: ApiServer;
  readonly options: BuildPodOptions;
}

/** Writes the status of a Build; each call is an event of its own. */
export async function writeStatus(
  { api }: StepTools,
  build: BuildThing,
  status: object,
  annotations?: object,
): Promise<void> {
  const { name, namespace } = build.metadata;
  await api.patch(pathOf('builds', namespace, name), {
    ...(annotations === undefined ? {} : { metadata: { annotations } }),
    status,
  });
}

/** New: a pod, or, for as long as something is missing, a reason. */
export async function begin(tools: StepTools, build: BuildThing): Promise<void> {
  const { api, options } = tools;
  const { namespace, name } = build.metadata;
  const [stream = '', tag = ''] = build.spec.output.to.name.split(':');
  const found = await find<StreamThing>(api, pathOf('imagestreams', namespace, stream));
  const repository = found?.status?.dockerImageRepository;
  if (repository === undefined) {
    const message = 'Output image could not be resolved.';
    return stay(tools, build, 'InvalidOutputReference', message);
  }
  const missing: string[] = [];
  for (const { configMap } of build.spec.source.configMaps ?? []) {
    const map = await find(api, pathOf('configmaps', namespace, configMap.name));
    if (map === undefined) missing.push(configMap.name);
  }
  if (missing.length > 0) {
    const message = `These resources do not exist: ConfigMaps [${missing.join(', ')}]`;
    return stay(tools, build, 'GenericBuildFailed', message);
  }
  const output = `${repository}:${tag}`;
  await createOnce(api, pathOf('pods', namespace), buildPodOf(build, output, options));
  await writeStatus(
    tools,
    build,
    { phase: 'Pending', reason: null, message: null, outputDockerImageReference: output },
    { 'openshift.io/build.pod-name': `${name}-build` },
  );
}

async function stay(
  tools: StepTools,
  build: BuildThing,
  reason: string,
  message: string,
): Promise<void> {
  if (build.status.reason !== reason) await writeStatus(tools, build, { reason, message });
}

/** The pod is gone before its Build ended. */
export async function lose(tools: StepTools, build: BuildThing): Promise<void> {
  await writeStatus(tools, build, {
    phase: 'Error',
    reason: 'BuildPodDeleted',
    message: 'The pod for this build was deleted before the build completed.',
    ...completion(build, undefined),
  });
}

/** Cancelled on request: the pod goes, its log with it. */
export async function cancel(tools: StepTools, build: BuildThing): Promise<void> {
  const { name, namespace } = build.metadata;
  const pod = await find(tools.api, pathOf('pods', namespace, `${name}-build`));
  if (pod !== undefined) await tools.api.remove(pathOf('pods', namespace, `${name}-build`));
  await writeStatus(tools, build, {
    phase: 'Cancelled',
    reason: 'CancelledBuild',
    message: 'The build was cancelled by the user.',
    ...completion(build, undefined),
  });
}

/** Pending or Running, and what the pod says now. */
export async function follow(tools: StepTools, build: BuildThing, pod: PodThing): Promise<void> {
  const { phase, startTime } = pod.status;
  if (phase === 'Running' && build.status.phase !== 'Running') {
    await writeStatus(tools, build, { phase: 'Running', startTimestamp: startTime });
  }
  if (phase === 'Succeeded') await succeed(tools, build, pod);
  if (phase === 'Failed') await fail(tools, build, pod);
}

/** As the pod and the controllers of OpenShift write it, one after the other. */
async function succeed(tools: StepTools, build: BuildThing, pod: PodThing): Promise<void> {
  const digest = main(pod)?.state.terminated?.message?.trim() ?? '';
  const running = { phase: 'Running', startTimestamp: pod.status.startTime };
  const output = { to: { imageDigest: digest } };
  await tag(tools, build, digest);
  await writeStatus(tools, build, { ...running, output, stages: [{ name: 'PushImage' }] });
  await writeStatus(tools, build, { ...running, stages: [{ name: 'PushImage' }, {}] });
  await writeStatus(tools, build, { phase: 'Complete', ...completion(build, pod) });
}

/** OpenShift's registry notes what was pushed to it, in the ImageStream. */
async function tag({ api }: StepTools, build: BuildThing, digest: string): Promise<void> {
  const { namespace } = build.metadata;
  const [stream = '', name = ''] = build.spec.output.to.name.split(':');
  const path = pathOf('imagestreams', namespace, stream);
  const repository = (await find<StreamThing>(api, path))?.status?.dockerImageRepository;
  if (repository === undefined) return;
  const dockerImageReference = `${repository}@${digest}`;
  const item = { created: new Date().toISOString(), dockerImageReference, image: digest };
  await api.patch(path, { status: { tags: [{ tag: name, items: [item] }] } });
}

/** First the phase and what the pod knows; times and last lines come later, in `complete`. */
async function fail(tools: StepTools, build: BuildThing, pod: PodThing): Promise<void> {
  if (pod.metadata.deletionTimestamp !== undefined) {
    await lose(tools, build);
    return;
  }
  const [reason, message] = reasonOf(pod);
  await writeStatus(tools, build, { phase: 'Failed', reason, message });
}

/** What comes after the first event of a failure. */
export async function complete(
  tools: StepTools,
  build: BuildThing,
  pod: PodThing | undefined,
): Promise<void> {
  if (build.status.completionTimestamp === undefined) {
    await writeStatus(tools, build, completion(build, pod));
    return;
  }
  const words = pod && ended(pod)?.state.terminated?.message;
  if (build.status.phase !== 'Failed' || build.status.logSnippet !== undefined || !words) return;
  const lines = words.trimEnd().split('\n').slice(-SNIPPET_LINES);
  const logSnippet = lines
    .map((line) =>
      line.length > SNIPPET_WIDTH ? `${line.slice(0, 58)}...${line.slice(-59)}` : line,
    )
    .join('\n');
  await writeStatus(tools, build, { logSnippet });
}

function completion(build: BuildThing, pod: PodThing | undefined): object {
  const now = new Date();
  const start = build.status.startTimestamp ?? pod?.status.startTime ?? now.toISOString();
  return {
    startTimestamp: start,
    completionTimestamp: now.toISOString(),
    duration: Math.max(0, now.getTime() - Date.parse(start)) * 1_000_000,
  };
}

function reasonOf(pod: PodThing): [string, string] {
  const end = ended(pod)?.state.terminated;
  const words = end?.message ?? '';
  if (end?.reason === 'OOMKilled') {
    const message = 'The build pod was killed due to an out of memory condition.';
    return ['OutOfMemoryKilled', message];
  }
  if (pod.status.reason === 'Evicted') return ['BuildPodEvicted', pod.status.message ?? ''];
  if (pod.status.reason !== 'DeadlineExceeded') {
    if (/Pull image still failed/.test(words)) {
      return ['PullBuilderImageFailed', 'Failed pulling builder image.'];
    }
    if (/Push image still failed/.test(words)) {
      return ['PushImageToRegistryFailed', 'Failed to push the image to the registry.'];
    }
    if (/error: build error/.test(words)) {
      return ['DockerBuildFailed', 'Dockerfile build strategy has failed.'];
    }
  }
  return ['GenericBuildFailed', 'Generic Build failure - check logs for details.'];
}

function main(pod: PodThing): ContainerStatus | undefined {
  return pod.status.containerStatuses?.[0];
}

/** The container that failed. */
function ended(pod: PodThing): ContainerStatus | undefined {
  return [main(pod), pod.status.initContainerStatuses?.[0]].find(
    (container) => (container?.state.terminated?.exitCode ?? 0) !== 0,
  );
}
