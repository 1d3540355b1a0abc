import { OutputReader } from '../../../../functions/status/output-reader.js';
import { sliceText } from '../../../../functions/status/text-slice.js';
import type { FunctionHandler } from '../../../../shared/http/function-contract.js';
import { formatOutputCursor, parseOutputCursor } from '../../../../shared/run/output-cursor.js';

export const ID = 'inspection-live-0123456789abcdef';
export const BUILD_ID = 'build-0123456789abcdef0123456789abcdef-1';
const MARK = '\x1eamun:0a1b2c3d:';

/** An inspection of which a test makes up what happens, behind what answers as `status` does. */
export class LiveInspection {
  phase = 'queued';
  position: number | null = null;
  buildLog = Buffer.alloc(0);
  readonly runs: { state: string; log: Buffer; stdout: Buffer; stderr: Buffer }[];
  /** What was asked, without ids and queries. */
  readonly asked: string[] = [];
  /** Answered instead of what there is: [status, body]. */
  refusal: readonly [number, object] | undefined;

  constructor(batchSize = 1) {
    this.runs = Array.from({ length: batchSize }, () => ({
      state: 'waiting',
      log: Buffer.from(`${MARK}h:1\n`),
      stdout: Buffer.alloc(0),
      stderr: Buffer.alloc(0),
    }));
  }

  get ended(): boolean {
    return ['succeeded', 'failed', 'cancelled'].includes(this.phase);
  }

  addToBuildLog(bytes: Buffer | string): void {
    if (this.phase === 'queued') this.phase = 'building';
    this.buildLog = Buffer.concat([this.buildLog, Buffer.from(bytes)]);
  }

  write(item: number, stream: 'stdout' | 'stderr', bytes: Buffer | string): void {
    this.phase = 'running';
    const run = this.runs[item]!;
    run.state = 'running';
    const mark = Buffer.from(`${MARK}${stream === 'stdout' ? 'o' : 'e'}:`);
    run.log = Buffer.concat([run.log, mark, Buffer.from(bytes)]);
    run[stream] = Buffer.concat([run[stream], Buffer.from(bytes)]);
  }

  end(phase = 'succeeded'): void {
    this.phase = phase;
    for (const run of this.runs) {
      run.state = 'terminated';
      run.log = Buffer.concat([run.log, Buffer.from(`${MARK}r:{"exit_code":0,"stdout_cut":1}\n`)]);
    }
  }

  /** How often something was asked for. */
  count(what: string): number {
    return this.asked.filter((one) => one === what).length;
  }

  readonly handler: FunctionHandler = (event, context) => {
    const [, , id, ...rest] = event.path.split('/');
    const what = rest.join('/');
    this.asked.push(what);
    const [status, body] =
      this.refusal ??
      (id === ID
        ? [200, this.#answer(what, event.query as Record<string, string>)]
        : [404, { error: `There is no inspection "${id ?? ''}".`, code: 'NotFound' }]);
    context.status(status).headers({ 'content-type': 'application/json' });
    return Promise.resolve(context.succeed(JSON.stringify(body)));
  };

  #answer(what: string, query: Record<string, string>): object {
    if (what === 'job/batch-size') return { batch_size: this.runs.length };
    if (what === 'status') return this.#status();
    if (what === 'build/log') {
      const offset = Number(query['offset']);
      const until = Number(query['until'] ?? Infinity);
      const rest = this.buildLog.subarray(offset, until);
      const isLast = this.ended && offset + rest.length >= this.buildLog.length;
      const { text, next } = sliceText(rest, 0, isLast || offset + rest.length >= until);
      return {
        log: text,
        next_offset: offset + next,
        complete: isLast && next >= rest.length,
      };
    }
    const run = this.runs[Number(what.split('/')[1])]!;
    const until = query['until'] === undefined ? undefined : parseOutputCursor(query['until'])!;
    const cursor = parseOutputCursor(query['cursor'] ?? '0-0')!;
    const reader = new OutputReader(cursor, until);
    reader.push(run.log.subarray(cursor.place?.offset ?? 0));
    if (this.ended) reader.end();
    const { stdout, stderr, next } = reader.read(this.ended);
    return {
      stdout: stdout.text,
      stderr: stderr.text,
      next_cursor: formatOutputCursor(next),
      complete: stdout.complete && stderr.complete,
      cut: { stdout: this.ended, stderr: false },
    };
  }

  #status(): object {
    return {
      inspection_id: ID,
      phase: this.phase,
      reason: null,
      message: null,
      position: this.position,
      created: '2026-01-01T12:00:00.000Z',
      finished: this.ended ? '2026-01-01T12:00:10.000Z' : null,
      build: { id: BUILD_ID, state: this.buildLog.length === 0 ? 'waiting' : 'running' },
      job: {
        runs: this.runs.map(({ state }, item) => ({
          item,
          state,
          exit_code: state === 'terminated' ? 0 : null,
          reason: null,
        })),
      },
    };
  }
}
