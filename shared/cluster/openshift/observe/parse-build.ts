import { asObject } from '../../../json/read-json.js';
import { LABEL_ID, LABEL_KIND } from '../../kubernetes/names.js';
import { parseRef } from '../../kubernetes/observe/parse-owner.js';
import { parsePodState, type PodState } from '../../kubernetes/observe/parse-pod.js';
import { asInteger, asText, asTexts, asTime } from '../../kubernetes/read-fields.js';
import type { ClusterRef } from '../../port.js';
import {
  BUILD_CONTAINER,
  BUILD_POD_NAME,
  LABEL_OWNER,
  POD_BUILD_NAME,
  refOfBuildName,
  splitBuildName,
} from '../names.js';

/** What counts of a Build of ours. */
export interface BuildSeen {
  readonly ref: ClusterRef;
  readonly name: string;
  /** From 1; never used again for the same BuildConfig. */
  readonly number: number;
  readonly ownerUid: string;
  readonly createdAt: string;
  readonly podName: string;
  readonly phase: string;
  readonly reason?: string;
  readonly message?: string;
  /** The last lines of its log, long ones cut in the middle; where it failed. */
  readonly snippet?: string;
  readonly startedAt?: string;
  readonly finishedAt?: string;
  readonly deadlineSeconds?: number;
  /** Where it pushes to, resolved: "registry:5000/namespace/name:latest". */
  readonly output?: string;
  readonly digest?: string;
}

/** A Build of ours, narrowed from what the API server says; undefined for anything else. */
export function parseBuild(object: unknown): BuildSeen | undefined {
  const { metadata, spec, status } = asObject(object);
  const meta = asObject(metadata);
  const labels = asTexts(meta['labels']);
  const ref = parseRef(labels[LABEL_KIND], labels[LABEL_ID]);
  const ownerUid = labels[LABEL_OWNER];
  const name = asText(meta['name'], 253);
  const parts = name === undefined ? undefined : splitBuildName(name);
  const createdAt = asTime(meta['creationTimestamp']);
  if (ref?.kind !== 'build' || ownerUid === undefined || name === undefined) return undefined;
  if (parts?.config !== ref.id || createdAt === undefined) return undefined;
  const seen = asObject(status);
  const annotations = asTexts(meta['annotations']);
  const to = asObject(asObject(seen['output'])['to']);
  const deadlineSeconds = asInteger(asObject(spec)['completionDeadlineSeconds']);
  return {
    ...{ ref, name, number: parts.number, ownerUid, createdAt },
    podName: annotations[BUILD_POD_NAME]?.slice(0, 253) ?? `${name}-build`,
    phase: asText(seen['phase'], 64) ?? 'New',
    ...texts({
      reason: asText(seen['reason'], 128),
      message: asText(seen['message']),
      snippet: asText(seen['logSnippet']),
      startedAt: asTime(seen['startTimestamp']),
      finishedAt: asTime(seen['completionTimestamp']),
      output: asText(seen['outputDockerImageReference'], 1024),
      digest: asText(to['imageDigest'], 128),
    }),
    ...(deadlineSeconds === undefined ? {} : { deadlineSeconds }),
  };
}

/** The pod of a Build, by the Build's name. */
export interface BuildPodSeen {
  readonly ref: ClusterRef;
  readonly buildName: string;
  readonly pod: PodState;
}

/** The pod of any Build, ours or not: nothing of ours is on it. undefined for other pods. */
export function parseBuildPod(object: unknown): BuildPodSeen | undefined {
  const annotations = asTexts(asObject(asObject(object)['metadata'])['annotations']);
  const buildName = annotations[POD_BUILD_NAME];
  const ref = buildName === undefined ? undefined : refOfBuildName(buildName);
  const pod = parsePodState(object, BUILD_CONTAINER);
  if (buildName === undefined || ref === undefined || pod === undefined) return undefined;
  return { ref, buildName, pod };
}

/** Leaves out what is empty or not there. */
function texts<K extends string>(fields: Record<K, string | undefined>): { [key in K]?: string } {
  const entries = Object.entries(fields).filter(([, text]) => text !== undefined && text !== '');
  return Object.fromEntries(entries) as { [key in K]?: string };
}
