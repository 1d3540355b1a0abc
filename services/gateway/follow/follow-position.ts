import { AmunError } from '../../../shared/errors/amun-error.js';

/** How far a follower has got with one run. */
export interface RunPosition {
  /** The furthest state it was told of: 0 none, 1 waiting, 2 running, 3 terminated. */
  readonly told: number;
  /** Bytes of each stream. */
  readonly stdout: number;
  readonly stderr: number;
}

/** Everything that a follower of an inspection was sent: whoever has it can go on anywhere. */
export interface FollowPosition {
  /** The last phase event: the rank of its phase, and its digest; undefined before the first. */
  readonly phase: { readonly rank: number; readonly digest: string } | undefined;
  /** Bytes of the build's log, and whether its end was told. */
  readonly buildLog: { readonly offset: number; readonly complete: boolean };
  readonly runs: ReadonlyMap<number, RunPosition>;
  /** True once everything was sent. */
  readonly ended: boolean;
}

/** Where every follower begins. */
export const AT_THE_BEGINNING: FollowPosition = {
  phase: undefined,
  buildLog: { offset: 0, complete: false },
  runs: new Map(),
  ended: false,
};

export const NOTHING_OF_RUN: RunPosition = { told: 0, stdout: 0, stderr: 0 };

/** The most runs that one follower is sent. */
export const MAX_FOLLOWED_RUNS = 20;

/** Longer than any id of ours. */
const MAX_ID_LENGTH = 2_000;
const HEAD = /^([ge])(?:([0-5])([0-9a-f]{8}))?,(\d{1,15})(c?)$/;
const RUN = /^(\d{1,9})\.([0-3])\.(\d{1,12})\.(\d{1,12})$/;

/** The position as the id of an event: text of base64url. */
export function formatPosition({ phase, buildLog, runs, ended }: FollowPosition): string {
  const reached = phase === undefined ? '' : `${phase.rank}${phase.digest}`;
  const log = `${buildLog.offset}${buildLog.complete ? 'c' : ''}`;
  const ofRuns = [...runs].map(
    ([item, { told, stdout, stderr }]) => `;${item}.${told}.${stdout}.${stderr}`,
  );
  const text = `${ended ? 'e' : 'g'}${reached},${log}${ofRuns.join('')}`;
  return Buffer.from(text, 'latin1').toString('base64url');
}

/** Reads an id back; throws InvalidRequest where we gave no such id. */
export function parsePosition(id: string): FollowPosition {
  const position = id.length > MAX_ID_LENGTH ? undefined : readText(id);
  if (position !== undefined && formatPosition(position) === id) return position;
  throw new AmunError(
    'InvalidRequest',
    'The last event id is none of this stream; send the id of an event, or none to begin anew.',
  );
}

function readText(id: string): FollowPosition | undefined {
  const [head = '', ...rest] = Buffer.from(id, 'base64url').toString('latin1').split(';');
  const found = HEAD.exec(head);
  if (found === null || rest.length > MAX_FOLLOWED_RUNS) return undefined;
  const runs = new Map<number, RunPosition>();
  for (const part of rest) {
    const run = RUN.exec(part);
    if (run === null) return undefined;
    const [item = 0, told = 0, stdout = 0, stderr = 0] = run.slice(1).map(Number);
    runs.set(item, { told, stdout, stderr });
  }
  const [, kind, rank, digest, offset, complete] = found;
  return {
    phase: digest === undefined ? undefined : { rank: Number(rank), digest },
    buildLog: { offset: Number(offset), complete: complete === 'c' },
    runs,
    ended: kind === 'e',
  };
}
