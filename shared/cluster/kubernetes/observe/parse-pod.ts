import { asArray, asObject } from '../../../json/read-json.js';
import {
  ANNOTATION_BATCH_SIZE,
  LABEL_ATTEMPT,
  LABEL_ID,
  LABEL_ITEM,
  LABEL_KIND,
  MAIN_CONTAINER,
  podName,
} from '../names.js';
import type { ClusterRef } from '../../port.js';
import { TERMINATION_TARGET } from '../kueue/names.js';
import { parseGates, parseReleaseTime, type GatesSeen } from './parse-gates.js';
import { asInteger, asName, asText, asTexts, asTime } from '../read-fields.js';
import { parseOwnerUid, parseRef } from './parse-owner.js';

/** Where a container stands, in the kubelet's words. */
export interface ContainerSeen {
  readonly state: 'waiting' | 'running' | 'terminated';
  readonly exitCode?: number;
  readonly reason?: string;
  readonly message?: string;
  readonly startedAt?: string;
  readonly finishedAt?: string;
}

/** What counts of any pod. */
export interface PodState {
  readonly name: string;
  readonly createdAt: string;
  /** Set once somebody has asked for its removal: when it is to be gone. */
  readonly leavingUntil?: string;
  readonly node?: string;
  readonly phase: string;
  readonly reason?: string;
  readonly message?: string;
  /** Conditions that hold a reason worth telling: type, and what is said with it. */
  readonly unscheduled?: string;
  readonly disruption?: string;
  /** Kueue takes it away. */
  readonly preempted?: string;
  /** Why no node is looked for yet. */
  readonly gated?: GatesSeen;
  /** When it was let out of a queue, as far as that can be told. */
  readonly releasedAt?: string;
  readonly main?: ContainerSeen;
  readonly init?: ContainerSeen;
}

/** A pod of ours. */
export interface PodSeen extends PodState {
  readonly ref: ClusterRef;
  readonly ownerUid: string;
  readonly item: number;
  readonly attempt: number;
  /** True where its owner never has another item. */
  readonly isOnly: boolean;
}

/** A pod of ours, narrowed from what the API server says; undefined for anything else. */
export function parsePod(object: unknown): PodSeen | undefined {
  const state = parsePodState(object, MAIN_CONTAINER);
  const meta = asObject(asObject(object)['metadata']);
  const labels = asTexts(meta['labels']);
  const ref = parseRef(labels[LABEL_KIND], labels[LABEL_ID]);
  const ownerUid = ref && parseOwnerUid(meta['ownerReferences'], ref);
  const item = parseCount(labels[LABEL_ITEM]);
  const attempt = parseCount(labels[LABEL_ATTEMPT]);
  if (state === undefined || ref === undefined || ownerUid === undefined) return undefined;
  if (item === undefined || attempt === undefined) return undefined;
  // Labels alone can be anybody's; a name there is once.
  if (state.name !== podName(ref, item, attempt)) return undefined;
  const batchSize = asTexts(meta['annotations'])[ANNOTATION_BATCH_SIZE];
  const isOnly = ref.kind === 'build' || batchSize === '1';
  return { ...state, ref, ownerUid, item, attempt, isOnly };
}

/**
 * Any pod; undefined for what cannot be one.
 *
 * @param main the container that counts
 */
export function parsePodState(object: unknown, main: string): PodState | undefined {
  const { metadata, spec, status } = asObject(object);
  const meta = asObject(metadata);
  const name = asName(meta['name'], 253);
  const createdAt = asTime(meta['creationTimestamp']);
  if (name === undefined || createdAt === undefined) return undefined;
  const seen = asObject(status);
  const gated = parseGates(meta, asObject(spec));
  return {
    ...{ name, createdAt },
    phase: asText(seen['phase'], 64) ?? 'Unknown',
    ...optional('leavingUntil', asTime(meta['deletionTimestamp'])),
    ...optional('node', asName(asObject(spec)['nodeName'], 253)),
    ...optional('reason', asText(seen['reason'], 128)),
    ...optional('message', asText(seen['message'])),
    ...(gated === undefined
      ? optional('unscheduled', condition(seen, 'PodScheduled', 'False'))
      : { gated }),
    ...optional('disruption', condition(seen, 'DisruptionTarget', 'True')),
    ...optional('preempted', condition(seen, TERMINATION_TARGET, 'True')),
    ...(gated === undefined ? optional('releasedAt', parseReleaseTime(meta)) : {}),
    ...optional('main', container(seen['containerStatuses'], main)),
    ...optional('init', container(seen['initContainerStatuses'])),
  };
}

/** Leaves out what is undefined. */
function optional<K extends string, V>(name: K, value: V | undefined): { [key in K]?: V } {
  return (value === undefined ? {} : { [name]: value }) as { [key in K]?: V };
}

/** A number of our own making: from 0, without signs or leading zeros. */
function parseCount(text: string | undefined): number | undefined {
  return text !== undefined && /^(?:0|[1-9][0-9]{0,5})$/.test(text) ? Number(text) : undefined;
}

function condition(
  status: Readonly<Record<string, unknown>>,
  type: string,
  wanted: string,
): string | undefined {
  const found = asArray(status['conditions'])
    .map(asObject)
    .find((one) => one['type'] === type && one['status'] === wanted);
  if (found === undefined) return undefined;
  const parts = [asText(found['reason'], 128), asText(found['message'])];
  return parts.filter((part) => part !== undefined && part !== '').join(': ');
}

/** The container of that name, or the first one. */
function container(statuses: unknown, name?: string): ContainerSeen | undefined {
  const found = asArray(statuses)
    .map(asObject)
    .find((one) => name === undefined || one['name'] === name);
  const state = asObject(found?.['state']);
  for (const kind of ['terminated', 'running', 'waiting'] as const) {
    if (state[kind] === undefined) continue;
    const fields = asObject(state[kind]);
    return {
      state: kind,
      ...optional('exitCode', asInteger(fields['exitCode'])),
      ...optional('reason', asText(fields['reason'], 128)),
      ...optional('message', asText(fields['message'])),
      ...optional('startedAt', asTime(fields['startedAt'])),
      ...optional('finishedAt', asTime(fields['finishedAt'])),
    };
  }
  return undefined;
}
