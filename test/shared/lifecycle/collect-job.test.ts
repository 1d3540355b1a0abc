import { submit } from '../../../functions/submit/submit.js';
import type { RunObservation } from '../../../shared/inspection/observation.js';
import { runLogKey, runReportKey } from '../../../shared/lifecycle/artifact-keys.js';
import { collectRuns } from '../../../shared/lifecycle/collect-job.js';
import type { Ports } from '../../../shared/lifecycle/ports.js';
import { openStage, specify, type Stage } from './open-stage.js';

describe('collectRuns', () => {
  let stage: Stage;
  let id: string;
  beforeEach(async () => {
    stage = await openStage();
    await submit(stage.ports, specify());
    id = (await stage.newest()).id;
  });
  afterEach(() => stage.close());

  /** Collects runs that ended like this and left these logs. */
  function collect(
    runs: readonly RunObservation[],
    log: (item: number) => string | undefined,
    more: Partial<Ports['settings']> = {},
  ) {
    const { cluster, settings } = stage.ports;
    const logs: Ports['cluster']['logs'] = async function* (target) {
      const text = 'item' in target ? log(target.item) : undefined;
      if (text === undefined) yield* cluster.logs(target);
      else yield Buffer.from(text);
    };
    const ports = {
      ...stage.ports,
      cluster: { ...cluster, logs },
      settings: { ...settings, ...more },
    };
    return collectRuns(ports, id, { state: 'terminated', runs }, specify());
  }
  const run = (item: number, seen: Partial<RunObservation> = {}): RunObservation => ({
    item,
    state: 'terminated',
    exitCode: 0,
    ...seen,
  });
  const report = async (item: number) => {
    const stored = await stage.ports.store.artifacts.get(runReportKey(id, item));
    return JSON.parse(Buffer.from(stored!).toString()) as Record<string, unknown>;
  };

  it('reads a log again whose end the node has not written yet', async () => {
    const head = '\x1eamun:0a1b2c3d:h:1\nout\n';
    let reads = 0;
    const log = (): string => {
      reads += 1;
      return reads === 1 ? head : `${head}\x1eamun:0a1b2c3d:r:{"exit_code":0}\n`;
    };
    const runs = await collect([run(0)], log, { logFormat: 'lines' });
    expect(runs).toEqual([{ item: 0, exitCode: 0 }]);
    expect(reads).toBe(2);
    expect(await report(0)).toMatchObject({ report_source: 'entrypoint', stdout: 'out\n' });
  });

  it('stores the log as it was and the report made of it', async () => {
    const log =
      '\x1eamun:0a1b2c3d:h:1\nout\n\x1eamun:0a1b2c3d:e:err\n\x1eamun:0a1b2c3d:r:{"exit_code":0}\n';
    expect(await collect([run(0)], () => log)).toEqual([{ item: 0, exitCode: 0 }]);
    const stored = await stage.ports.store.artifacts.get(runLogKey(id, 0));
    expect(Buffer.from(stored!).toString()).toBe(log);
    expect(await report(0)).toMatchObject({ exit_code: 0, stdout: 'out\n', stderr: 'err\n' });
  });

  it('makes the report of what was seen where the log is gone', async () => {
    const seen = { exitCode: 137, reason: 'OutOfMemory' } as const;
    expect(await collect([run(0, seen)], () => undefined)).toEqual([
      { item: 0, exitCode: 137, reason: 'OutOfMemory' },
    ]);
    expect(await report(0)).toMatchObject({ exit_code: 137, reason: 'OutOfMemory' });
  });

  it('has no exit code where nobody knows it', async () => {
    const lost: RunObservation = { item: 0, state: 'terminated', reason: 'Lost' };
    expect(await collect([lost], () => undefined)).toEqual([
      { item: 0, exitCode: null, reason: 'Lost' },
    ]);
  });

  it('keeps a thousand failed runs small enough for one message of the bus', async () => {
    const message = '"\\\u0000é😀'.repeat(200);
    const seen = { reason: 'ImageNotFound', exitCode: 1, message } as const;
    const runs = Array.from({ length: 1000 }, (_, item) => run(item, seen));
    const outcomes = await collect(runs, () => '');
    expect(outcomes).toHaveLength(1000);
    expect(Buffer.byteLength(JSON.stringify(outcomes))).toBeLessThan(900 * 1024);
    const said = outcomes?.[999]?.message ?? '';
    expect(said).toMatch(/^"\\ é😀.*…$/u);
    expect(said).not.toContain('\uFFFD');
  });

  it('stores nothing where the inspection has ended meanwhile', async () => {
    const { inspections, artifacts } = stage.ports.store;
    const known = (await inspections.get(id))!;
    await inspections.replace(id, { ...known.value, phase: 'succeeded' }, known.version);
    expect(await collect([run(0), run(1)], () => 'late')).toBeUndefined();
    expect(await artifacts.get(runLogKey(id, 0))).toBeUndefined();
  });
});
