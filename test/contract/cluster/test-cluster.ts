import { randomBytes } from 'node:crypto';
import type { BuildRequest, Cluster, JobRequest } from '../../../shared/cluster/port.js';
import type { BuildObservation, JobObservation } from '../../../shared/inspection/observation.js';
import type { Requests } from '../../../shared/inspection/specification.js';
import { waitUntil } from '../../wait-until.js';

/** A cluster to be tested, with what a test needs to know of it. */
export interface TestCluster {
  readonly cluster: Cluster;
  /** An image with a POSIX shell and busybox' or coreutils' programs, nothing of Amun's in it. */
  readonly baseImage: string;
  /** False where its builder cannot limit memory. */
  readonly limitsBuildMemory?: boolean;
  /** True where the cluster throws old parts of long logs away. */
  readonly rotatesLogs?: boolean;
  /** True where logs are kept by lines, without the carriage return at the end of one. */
  readonly logsByLine?: boolean;
  /** Ends the cluster and removes what it left. */
  stop(): Promise<void>;
}

/** A busy machine takes minutes for what a quiet one does in seconds. */
export const ENDS_MS = 300_000;

export const REQUESTS: Requests = { cpu: '250m', memory: '64Mi', hardware: {} };

/** A DNS label that no other test uses. */
export function freshId(kind: string): string {
  return `${kind}-${randomBytes(6).toString('hex')}`;
}

/** A build of these lines on top of the base image. */
export function buildRequest(
  base: string,
  lines: string[],
  more: Partial<BuildRequest> = {},
): BuildRequest {
  const content = [`FROM ${base}`, ...lines, ''].join('\n');
  return {
    id: freshId('build'),
    context: { files: [{ path: 'Dockerfile', content, mode: 0o644 }] },
    requests: REQUESTS,
    timeoutSeconds: 600,
    ...more,
  };
}

/** What every image for runs has: the run's user and its home. */
export const HOME_LINES = [
  'RUN mkdir -p /home/amun && chown 1042:0 /home/amun && chmod 775 /home/amun',
];

/** A job whose command is this shell script. */
export function jobRequest(
  image: string,
  script: string,
  more: Partial<JobRequest> = {},
): JobRequest {
  return {
    id: freshId('job'),
    image,
    batchSize: 1,
    files: [{ path: '/amun/script.sh', content: script, mode: 0o755 }],
    init: [],
    command: ['/bin/sh', '/amun/script.sh'],
    environment: [],
    requests: REQUESTS,
    timeoutSeconds: 600,
    ...more,
  };
}

/** Asks for the build and waits for its end. */
export async function build(cluster: Cluster, request: BuildRequest): Promise<BuildObservation> {
  await cluster.ensureBuild(request);
  return buildEnd(cluster, request.id);
}

/** Waits for a build's end. */
export async function buildEnd(cluster: Cluster, id: string): Promise<BuildObservation> {
  let seen: BuildObservation | undefined;
  await waitUntil(async () => {
    seen = await cluster.observeBuild(id);
    return seen?.state === 'terminated';
  }, ENDS_MS);
  return seen!;
}

/** Asks for the job and waits for the end of its last run. */
export async function run(cluster: Cluster, request: JobRequest): Promise<JobObservation> {
  await cluster.ensureJob(request);
  return jobEnd(cluster, request.id);
}

/** Waits for the end of a job's last run. */
export async function jobEnd(cluster: Cluster, id: string): Promise<JobObservation> {
  let seen: JobObservation | undefined;
  await waitUntil(async () => {
    seen = await cluster.observeJob(id);
    return seen?.state === 'terminated';
  }, ENDS_MS);
  return seen!;
}

/** Waits until the first run says so in its log. */
export async function saysInLog(cluster: Cluster, job: string, text: string): Promise<void> {
  await waitUntil(async () => (await logOf(cluster, job)).includes(text), ENDS_MS);
}

/** A run's log so far. */
export async function logOf(cluster: Cluster, job: string, item = 0): Promise<string> {
  return (await bytesOf(cluster.logs({ job, item }))).toString();
}

/** All that comes. */
export async function bytesOf(pieces: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const all: Uint8Array[] = [];
  for await (const piece of pieces) all.push(piece);
  return Buffer.concat(all);
}
