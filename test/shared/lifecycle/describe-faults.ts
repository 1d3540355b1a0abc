import { Reconciler } from '../../../services/watcher/reconcile.js';
import { listIds } from '../../../shared/cluster/local/read-cluster.js';
import { isAmunError } from '../../../shared/errors/amun-error.js';
import type { InspectionRecord } from '../../../shared/inspection/record.js';
import { buildLogKey, runLogKey, runReportKey } from '../../../shared/lifecycle/artifact-keys.js';
import type { Ports } from '../../../shared/lifecycle/ports.js';
import { failAt, type Fault } from './fail-at.js';
import { openStage, type Stage } from './open-stage.js';
import { BUILD_LOG, runLog } from './play-agent.js';
import { runUntilQuiet } from './run-until-quiet.js';

const MOST_CALLS = 60;

/** A use case in the middle of an inspection's life. */
export interface FaultCase {
  readonly name: string;
  /** What happens before it, without faults. */
  readonly before?: (stage: Stage) => Promise<void>;
  /** The use case; what it throws its caller sees, who comes again as the API's clients do. */
  readonly act: (ports: Ports, stage: Stage) => Promise<unknown>;
  /** How many builds there may be in the end. */
  readonly builds?: number;
  readonly phase?: InspectionRecord['phase'];
  /** Bounds on builds and runs. Default none. */
  readonly settings?: Partial<Ports['settings']>;
  /** True where a submission that failed may have been accepted all the same. */
  readonly maySubmitTwice?: boolean;
  /** True where its caller comes again when it failed, and that must change nothing. */
  readonly repeats?: boolean;
}

/** Plays each use case once for each call that it makes, letting that call fail. */
export function describeFaults(cases: readonly FaultCase[]): void {
  describe.each(cases)(
    '$name',
    ({ before, act, builds = 1, phase = 'succeeded', settings, maySubmitTwice, repeats }) => {
      let stage: Stage;
      afterEach(() => stage.close());

      /** The whole story with one fault in it. @returns the call that failed */
      async function play(fault: Fault): Promise<string | undefined> {
        stage = await openStage(settings);
        await before?.(stage);
        const { ports, failed } = failAt(stage.ports, fault);
        try {
          await act(ports, stage);
        } catch (error) {
          expect(isAmunError(error, 'Unavailable')).toBe(true);
          if (maySubmitTwice === true || repeats === true || phase === 'cancelled') await repeat();
        }
        await runUntilQuiet(stage);
        await expectNoPlaces();
        return failed();
      }

      /** The reconciler takes two passes to clear away what somebody left in a queue. */
      async function expectNoPlaces(): Promise<void> {
        const reconciler = new Reconciler(stage.ports, stage.ports.now());
        await reconciler.reconcile();
        await reconciler.reconcile();
        const { builds: ofBuilds, runs: ofRuns } = stage.ports.store.queues;
        expect([await ofBuilds.list(), await ofRuns.list()]).toEqual([[], []]);
      }

      async function repeat(): Promise<void> {
        await act(stage.ports, stage).catch((error: unknown) => {
          if (!isAmunError(error, 'AlreadyFinished')) throw error;
        });
      }

      it.each(['before', 'after'] as const)(
        'ends in the same record when any one call fails %s its effect',
        async (when) => {
          await play({ at: Infinity, when });
          const expected = (await stage.records()).map(comparable);
          await stage.close();
          let at = 1;
          for (; at < MOST_CALLS; at += 1) {
            const failed = await play({ at, when });
            const name = `${at}: ${String(failed)}`;
            const records = await stage.records();
            const seen = records.map(comparable);
            const extra = maySubmitTwice === true ? seen.length - expected.length : 0;
            expect([name, extra >= 0 && extra <= 1]).toEqual([name, true]);
            expect([name, ...seen.slice(extra)]).toEqual([name, ...expected]);
            expect([name, seen.at(-1)?.phase]).toEqual([name, phase]);
            for (const record of records) await expectWhole(name, record);
            expect([name, (await listIds(stage.layout, 'build')).length]).toEqual([name, builds]);
            await stage.close();
            if (failed === undefined) break;
          }
          expect(at).toBeGreaterThan(1);
          expect(at).toBeLessThan(MOST_CALLS);
        },
        60_000,
      );

      async function expectWhole(name: string, record: InspectionRecord): Promise<void> {
        const { artifacts } = stage.ports.store;
        const text = async (key: string) =>
          Buffer.from((await artifacts.get(key)) ?? '').toString();
        const ends = stage.bus.events.filter(
          ({ type, subject }) => type === 'amun.inspection.complete' && subject === record.id,
        );
        expect([name, ends.length]).toEqual([name, 1]);
        if (record.build?.state === 'terminated') {
          expect([name, await text(buildLogKey(record.buildId))]).toEqual([name, BUILD_LOG]);
        }
        for (const { item, exitCode } of record.job?.runs ?? []) {
          expect([name, await text(runLogKey(record.id, item))]).toEqual([name, runLog(item)]);
          const report = JSON.parse(await text(runReportKey(record.id, item))) as object;
          expect(report).toMatchObject({ exit_code: exitCode });
        }
      }
    },
  );
}

/** What of a record must not depend on what went wrong on the way. */
function comparable(record: InspectionRecord): InspectionRecord {
  return { ...record, id: '', buildReused: false };
}
