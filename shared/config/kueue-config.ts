import { AmunError } from '../errors/amun-error.js';
import { readText, type Environment } from './read-variable.js';

/** The LocalQueues of Kueue that builds and runs wait in; those that are named. */
export interface QueueConfig {
  readonly builds?: string;
  readonly runs?: string;
}

/** What names an object, and fits into a label. */
const NAME = /^[a-z0-9](?:[a-z0-9.-]{0,61}[a-z0-9])?$/;

/**
 * Reads the names of Kueue's queues; throws InvalidRequest naming the variable, also where the same
 * things are bounded by Amun itself. Without Kubernetes there are none.
 */
export function readQueues(environment: Environment): QueueConfig {
  const cluster = readText(environment, 'AMUN_CLUSTER') ?? 'local';
  if (cluster === 'local') return {};
  const runs = readQueue(environment, 'AMUN_KUEUE_QUEUE');
  const builds = readBuildQueue(environment, cluster, runs);
  refuseBound(environment, 'AMUN_MAX_BUILDS', builds);
  refuseBound(environment, 'AMUN_MAX_RUNS', runs);
  return { ...(builds === undefined ? {} : { builds }), ...(runs === undefined ? {} : { runs }) };
}

function readBuildQueue(
  environment: Environment,
  cluster: string,
  runs: string | undefined,
): string | undefined {
  const own = readQueue(environment, 'AMUN_KUEUE_BUILD_QUEUE');
  if (cluster !== 'openshift') return own ?? runs;
  if (own === undefined) return undefined;
  throw new AmunError(
    'InvalidRequest',
    'AMUN_KUEUE_BUILD_QUEUE does nothing on OpenShift, which makes the pods of builds itself; unset it, and bound builds by AMUN_MAX_BUILDS.',
  );
}

function readQueue(environment: Environment, name: string): string | undefined {
  const queue = readText(environment, name);
  if (queue === undefined || NAME.test(queue)) return queue;
  throw new AmunError(
    'InvalidRequest',
    `${name} is "${queue}"; write the name of a LocalQueue: lower-case letters, digits, - and ., at most 63.`,
  );
}

/** Two that count apart would each hold back what the other has let through. */
function refuseBound(environment: Environment, name: string, queue: string | undefined): void {
  if (queue === undefined || readText(environment, name) === undefined) return;
  throw new AmunError(
    'InvalidRequest',
    `${name} is set, and Kueue's queue ${queue} bounds the same; unset ${name} and set the quota of the queue's ClusterQueue, or unset AMUN_KUEUE_QUEUE and AMUN_KUEUE_BUILD_QUEUE.`,
  );
}
