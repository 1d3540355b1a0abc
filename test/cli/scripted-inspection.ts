import { sendScriptedEvents } from './scripted-events.js';
import type { Asked, Script } from './scripted-service.js';

export const ID = 'inspection-hello-0123456789abcdef';
const CREATED = '2026-01-01T00:00:00.000Z';
const FINISHED = '2026-01-01T00:00:12.000Z';

/** An inspection that goes one stage further each time its status is asked. */
export interface ScriptedInspection {
  readonly buildCreated: boolean;
  readonly buildLog: string;
  /** Of each run of the batch. */
  readonly runs: readonly { stdout: string; stderr: string; exitCode: number }[];
  readonly stages: readonly Stage[];
}

export interface Stage {
  readonly phase: string;
  readonly reason?: string;
  readonly message?: string;
  readonly position?: number;
  readonly build: { state: string; exit_code?: number };
  readonly runStates: readonly string[];
}

const BUILT = { state: 'terminated', exit_code: 0 };

/** One run that succeeds. */
export const HELLO: ScriptedInspection = {
  buildCreated: true,
  buildLog: 'STEP 1: FROM debian\nSTEP 2: COPY\n',
  runs: [{ stdout: '{"hello": "world"}\n', stderr: 'about to say hello\n', exitCode: 0 }],
  stages: [
    { phase: 'queued', position: 2, build: { state: 'waiting' }, runStates: [] },
    { phase: 'building', build: { state: 'running' }, runStates: [] },
    { phase: 'running', build: BUILT, runStates: ['running'] },
    { phase: 'succeeded', build: BUILT, runStates: ['terminated'] },
  ],
};

/** Pieces in which texts are handed out, so that followers have something to put together. */
const PIECE = 7;

/** The API's answers about one inspection. */
export function scriptInspection(inspection: ScriptedInspection): Script {
  let stage = -1;
  const now = (): Stage => inspection.stages[Math.max(stage, 0)]!;
  const ended = (): boolean => stage >= inspection.stages.length - 1;
  return (asked: Asked): ReturnType<Script> => {
    const { method, path, query } = asked;
    if (method === 'POST' && path === '/inspect') {
      const { buildCreated } = inspection;
      return { status: 202, body: { inspection_id: ID, build_created: buildCreated } };
    }
    if (path === `/inspect/${ID}/status`) {
      stage = Math.min(stage + 1, inspection.stages.length - 1);
      return { body: statusOf(inspection, now()) };
    }
    if (path === `/inspect/${ID}/events`) {
      return (response) => {
        if (sendScriptedEvents(inspection, asked, response)) stage = inspection.stages.length - 1;
      };
    }
    if (path === `/inspect/${ID}/build/log`) {
      const offset = Number(query.get('offset'));
      const piece = inspection.buildLog.slice(offset, offset + PIECE);
      const next = offset + piece.length;
      const complete = now().build.state === 'terminated' && next === inspection.buildLog.length;
      return { body: { log: piece, next_offset: next, complete } };
    }
    const item = /\/job\/(\d+)\/output$/.exec(path)?.[1];
    const run = item === undefined ? undefined : inspection.runs[Number(item)];
    if (run === undefined || now().runStates[Number(item)] === undefined) return undefined;
    const from = Number(query.get('cursor') ?? 0);
    const to = from + PIECE;
    const longest = Math.max(run.stdout.length, run.stderr.length);
    const [stdout, stderr] = [run.stdout.slice(from, to), run.stderr.slice(from, to)];
    const body = { stdout, stderr, next_cursor: String(to), cut: { stdout: false, stderr: false } };
    return { body: { ...body, complete: ended() && to >= longest } };
  };
}

function statusOf({ runs }: ScriptedInspection, stage: Stage): unknown {
  const final = ['succeeded', 'failed', 'cancelled'].includes(stage.phase);
  return {
    inspection_id: ID,
    phase: stage.phase,
    reason: stage.reason ?? null,
    message: stage.message ?? null,
    position: stage.position ?? null,
    created: CREATED,
    finished: final ? FINISHED : null,
    build: { exit_code: null, reason: null, message: null, ...stage.build },
    job: {
      state: 'running',
      completions: runs.length,
      succeeded: 0,
      runs: stage.runStates.map((state, item) => ({
        item,
        state,
        exit_code: state === 'terminated' ? runs[item]!.exitCode : null,
        reason: state === 'terminated' && runs[item]!.exitCode !== 0 ? 'ScriptFailed' : null,
        message: null,
      })),
    },
  };
}
