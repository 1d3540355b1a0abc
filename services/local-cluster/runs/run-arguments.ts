import type { Engine } from '../../../shared/cluster/local/engine/engine.js';
import { storedFilePath } from '../../../shared/cluster/local/request-file.js';
import { parseQuantity } from '../../../shared/inspection/quantity.js';
import type { Requests } from '../../../shared/inspection/specification.js';
import { bundleMount, runEnvironment, type Operator } from '../operator.js';
import type { RunPlan } from './run-plan.js';
import { shellLine } from '../shell-line.js';

const HOME = '/home/amun';
/** The image gives /home/amun to this user and, as images for OpenShift do, to the root group. */
const USER = '1042:0';
const MOST_PROCESSES = 4096;
const MEBIBYTE = 1024 ** 2;
/** Engines refuse less. */
const LEAST_MEMORY_BYTES = 16 * MEBIBYTE;
const LEAST_CPUS = 0.01;

/** What both engines are told of a run, after their own options: limits, mounts, image, command. */
export function runArguments(
  engine: Engine,
  operator: Operator,
  label: string,
  plan: RunPlan,
): string[] {
  const { job, name } = plan;
  const environment = { HOME, ...runEnvironment(operator), ...asRecord(job.environment) };
  return [
    ...['--name', name, '--hostname', name, '--label', label],
    ...['--network', engine.runNetwork, '--pull', 'never'],
    ...['--user', USER, '--workdir', HOME, '--stop-signal', 'SIGTERM'],
    ...['--cap-drop', 'all', '--security-opt', 'no-new-privileges'],
    ...['--pids-limit', String(MOST_PROCESSES)],
    ...(engine.hasLimits ? limits(job.requests) : []),
    ...gpus(engine, job.requests.hardware.gpu ?? 0),
    ...['--tmpfs', `${HOME}/hwinfo:rw,size=1m,mode=1777`],
    ...job.files.flatMap((file, index) => [
      '--volume',
      `${storedFilePath(plan.jobFolder, index)}:${file.path}:ro,z`,
    ]),
    ...bundleMount(operator),
    ...Object.entries(environment).flatMap(([key, value]) => ['--env', `${key}=${value}`]),
    ...['--entrypoint', '/bin/sh', job.image, '-c', shellLine(job.init, job.command)],
  ];
}

/** No swap beside the memory: a run that needs more is to end, not to crawl. */
function limits(requests: Requests): string[] {
  const memory = Math.max(Math.floor(parseQuantity(requests.memory)), LEAST_MEMORY_BYTES);
  const cpus = Math.max(parseQuantity(requests.cpu), LEAST_CPUS).toFixed(2);
  return ['--memory', String(memory), '--memory-swap', String(memory), '--cpus', cpus];
}

function gpus(engine: Engine, count: number): string[] {
  if (count === 0) return [];
  if (engine.name === 'docker') return ['--gpus', String(count)];
  return ['--device', 'nvidia.com/gpu=all'];
}

function asRecord(variables: RunPlan['job']['environment']): Record<string, string> {
  return Object.fromEntries(variables.map(({ name, value }) => [name, value]));
}
