import { isFinal, PHASES, type Phase } from '../../shared/inspection/phase.js';
import type { InspectionStatus } from '../../client/answers.js';
import type { Client } from '../../client/create-client.js';
import { describeProgress } from '../output/describe-status.js';
import { formatDuration } from '../output/format-time.js';
import type { ProgressLine } from '../output/progress-line.js';
import type { InspectionEvent } from '../../client/follow-events.js';
import { followRuns } from './follow-runs.js';
import type { OutputSink } from './output-sink.js';
import { persist } from '../../client/persist.js';
import { writeEvent } from './write-event.js';

export interface FollowOptions {
  readonly client: Client;
  readonly signal: AbortSignal;
  readonly progress: ProgressLine;
  /** Where logs and output go; undefined: nowhere. */
  readonly sink: OutputSink | undefined;
  /** Leaves out the log of a build that had ended well before (one that is used again). */
  readonly skipFinishedBuild: boolean;
}

const TICK_MS = 1_000;
/** What the cluster says of something that waits is in no event, and looked up this often. */
const TICKS_A_LOOK = 5;

/** Shows an inspection's progress and logs until it has ended; resolves to its last status. */
export async function followInspection(
  id: string,
  options: FollowOptions,
): Promise<InspectionStatus> {
  const { client, signal, progress, sink, skipFinishedBuild } = options;
  const onTrouble = (): void => progress.show('waiting for the service to answer');
  const getStatus = () => persist(() => client.status(id), signal, onTrouble);
  const first = await getStatus();
  const { build, job } = first;
  const wasBuilt = build.state === 'terminated' && build.exit_code === 0;
  const shown = sink === undefined ? 0 : job.completions;
  const wants = {
    items: Array.from({ length: shown }, (_, item) => item),
    buildLog: sink !== undefined && !(skipFinishedBuild && wasBuilt),
  };
  await showProgress(first, options, (show) =>
    followRuns(client, id, wants, { signal, onTrouble }, (event) => {
      if (sink !== undefined) writeEvent(event, sink, job.completions > 1);
      show(event);
      return true;
    }),
  );
  progress.clear();
  sink?.flush();
  return await getStatus();
}

/** True where the phase is an end; one that this version does not know is none. */
export function hasEnded(status: { readonly phase: string }): boolean {
  return (PHASES as readonly string[]).includes(status.phase) && isFinal(status.phase as Phase);
}

/** Shows where it is while `follow` runs, which hands over every event. */
async function showProgress(
  first: InspectionStatus,
  { client, progress, sink }: FollowOptions,
  follow: (take: (event: InspectionEvent) => void) => Promise<void>,
): Promise<void> {
  const begun = Date.now();
  let status = first;
  let ticks = 0;
  const show = (): void => {
    if (sink?.atLineStart === false) return;
    progress.show(`${describeProgress(status)} (${formatDuration(Date.now() - begun)})`);
  };
  const timer = setInterval(() => {
    ticks += 1;
    show();
    if (ticks % TICKS_A_LOOK !== 0) return;
    // In vain while the service is away: the stream of events tells of that.
    client.status(first.inspection_id).then(
      (newest) => (status = newest),
      () => undefined,
    );
  }, TICK_MS);
  try {
    show();
    await follow((event) => {
      status = withEvent(status, event);
      show();
    });
  } finally {
    clearInterval(timer);
  }
}

function withEvent(status: InspectionStatus, told: InspectionEvent): InspectionStatus {
  if (told.event === 'phase') {
    const { phase, reason, message, position } = told;
    return { ...status, phase, reason, message, position };
  }
  if (told.event !== 'run') return status;
  const { item, state, exit_code, reason } = told;
  const others = status.job.runs.filter((run) => run.item !== item);
  const runs = [...others, { item, state, exit_code, reason, message: null }];
  return { ...status, job: { ...status.job, runs } };
}
