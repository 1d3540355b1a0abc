import { onJobComplete } from '../../../functions/on-job-complete/on-job-complete.js';
import { cancel } from '../../../functions/submit/cancel.js';
import { submit } from '../../../functions/submit/submit.js';
import { limitExport } from '../../../shared/export/limit-export.js';
import type { Exporter } from '../../../shared/export/port.js';
import {
  exportProgressKey,
  runReportKey,
  specificationKey,
} from '../../../shared/lifecycle/artifact-keys.js';
import type { Ports } from '../../../shared/lifecycle/ports.js';
import { createMemoryExporter } from '../../fakes/memory-exporter.js';
import { openExportStage, type ExportStage } from './open-export-stage.js';
import { specify } from './open-stage.js';
import { runUntilQuiet } from './run-until-quiet.js';

describe('an export in trouble', () => {
  let stage: ExportStage;
  beforeEach(async () => {
    stage = await openExportStage();
  });
  afterEach(() => stage.close());

  it.each(['before', 'after'] as const)(
    'ends with everything there, in one record and event, when any one put fails %s its effect',
    async (when) => {
      for (let at = 1; ; at += 1) {
        await stage.close();
        stage = await openExportStage();
        stage.exporter.fails = (put) => (put === at ? when : undefined);
        const id = await stage.inspect({ batch_size: 2 });
        const name = `put ${at}`;
        expect([name, stage.exporter.objects.size]).toEqual([name, 9]);
        expect([name, stage.ends().length]).toEqual([name, 1]);
        expect([name, (await stage.recordOf(id)).exportedAt !== undefined]).toEqual([name, true]);
        if (stage.exporter.puts.length < at) break;
      }
    },
  );

  it('holds back the event, not the end, while the store is away', async () => {
    stage.exporter.fails = () => 'before';
    const id = await stage.runJob();
    await onJobComplete(stage.ports, id);
    expect(await stage.recordOf(id)).toMatchObject({ phase: 'succeeded' });
    expect(await stage.recordOf(id)).not.toHaveProperty('exportedAt');
    expect(stage.ends()).toEqual([]);
    expect(await stage.ports.store.inFlight.list()).toHaveLength(1);
    stage.exporter.fails = () => undefined;
    await runUntilQuiet(stage);
    expect((await stage.recordOf(id)).exportedAt).toBeDefined();
    expect(stage.ends()).toHaveLength(1);
  });

  it('keeps no other waiting: its turn is given up before', async () => {
    await stage.close();
    stage = await openExportStage({ maxRuns: 1 });
    stage.exporter.fails = (_, key) => (key.startsWith(first) ? 'before' : undefined);
    const { id: first } = await submit(stage.ports, specify());
    const { id: second } = await submit(stage.ports, specify({ script: '#!/bin/sh\nexit\n' }));
    await runUntilQuiet(stage, {}, 30).catch(() => undefined);
    expect((await stage.recordOf(first)).exportedAt).toBeUndefined();
    expect((await stage.recordOf(second)).exportedAt).toBeDefined();
  });

  it('goes on where the last try ended', async () => {
    const id = await stage.runJob({ batch_size: 40 });
    stage.exporter.fails = (put) => (put > 60 ? 'before' : undefined);
    await onJobComplete(stage.ports, id);
    const before = stage.exporter.puts.length;
    stage.exporter.fails = () => undefined;
    await onJobComplete(stage.ports, id);
    expect(stage.exporter.objects.size).toBe(3 * 40 + 3);
    // All in all 123; what was put and not noted is put again, and that is little.
    expect(stage.exporter.puts.length - before).toBeLessThan(80);
  });

  it('goes on after a function was killed, with what it had noted', async () => {
    const id = await stage.runJob({ batch_size: 40 });
    const killed: Exporter = {
      ...stage.exporter,
      put: (object) => {
        // Nothing comes back, and nothing more happens.
        if (stage.exporter.puts.length >= 90) return new Promise<never>(() => undefined);
        return stage.exporter.put(object);
      },
    };
    void onJobComplete({ ...stage.ports, exporter: killed }, id);
    await stage.ports.store.artifacts.get('');
    while (stage.exporter.puts.length < 90) await new Promise(setImmediate);
    while ((await stage.ports.store.artifacts.get(exportProgressKey(id))) === undefined) {
      await new Promise(setImmediate);
    }
    await onJobComplete(stage.ports, id);
    expect(stage.exporter.objects.size).toBe(3 * 40 + 3);
    // Of the 90 puts those of 16 runs at least were noted.
    expect(stage.exporter.puts.length).toBeLessThanOrEqual(90 + 123 - 16 * 3);
  });

  it('begins anew where the settings name another place meanwhile', async () => {
    const id = await stage.runJob({ batch_size: 40 });
    stage.exporter.fails = (put) => (put > 60 ? 'before' : undefined);
    await onJobComplete(stage.ports, id);
    const other = createMemoryExporter('another place');
    await onJobComplete({ ...stage.ports, exporter: other }, id);
    expect(other.objects.size).toBe(3 * 40 + 3);
  });

  it('asks for its next turn at once where it got further and ran out of time', async () => {
    const id = await stage.runJob({ batch_size: 40 });
    stage.exporter.fails = (put) => (put > 60 ? 'before' : undefined);
    const before = stage.bus.events.length;
    await onJobComplete(stage.ports, id);
    await onJobComplete(stage.ports, id);
    const asked = stage.bus.events.slice(before);
    expect(asked.map(({ type, subject }) => [type, subject])).toEqual([['amun.job.complete', id]]);
  });

  it('begins nothing once the time of its function is over', async () => {
    const id = await stage.runJob();
    const over = limitExport(stage.ports, 0);
    await new Promise((resolve) => setTimeout(resolve, 50));
    await onJobComplete(over, id);
    expect(stage.exporter.puts).toEqual([]);
    expect(await stage.recordOf(id)).toMatchObject({ phase: 'succeeded' });
  });

  it('ends in one record where two functions export at once', async () => {
    const id = await stage.runJob({ batch_size: 5 });
    await Promise.all([onJobComplete(stage.ports, id), onJobComplete(stage.ports, id)]);
    await runUntilQuiet(stage);
    expect(stage.exporter.objects.size).toBe(3 * 5 + 3);
    expect(stage.ends()).toHaveLength(1);
    expect((await stage.recordOf(id)).exportedAt).toBeDefined();
  });

  it('is left to whoever exports by those who do not', async () => {
    const elsewhere: Ports = { ...stage.ports, exporter: 'elsewhere' };
    const { id } = await submit(elsewhere, specify());
    await cancel(elsewhere, id);
    expect(stage.exporter.puts).toEqual([]);
    expect(stage.ends()).toEqual([]);
    await runUntilQuiet(stage);
    expect(stage.exporter.objects.has(`${id}/build/specification`)).toBe(true);
    expect(stage.ends()).toHaveLength(1);
  });

  it('tells of an end whose specification nobody can export any more', async () => {
    const id = await stage.runJob();
    stage.exporter.fails = () => 'before';
    await onJobComplete(stage.ports, id);
    stage.exporter.fails = () => undefined;
    await stage.ports.store.artifacts.remove(specificationKey(id));
    await runUntilQuiet(stage);
    expect(stage.ends()).toHaveLength(1);
    expect(await stage.recordOf(id)).not.toHaveProperty('exportedAt');
  });

  it('leaves out a run without a report', async () => {
    const id = await stage.runJob({ batch_size: 2 });
    stage.exporter.fails = () => 'before';
    await onJobComplete(stage.ports, id);
    stage.exporter.fails = () => undefined;
    await stage.ports.store.artifacts.remove(runReportKey(id, 0));
    await runUntilQuiet(stage);
    const keys = [...stage.exporter.objects.keys()].filter((key) => key.includes('/results/'));
    expect(keys.every((key) => key.startsWith(`${id}/results/1/`))).toBe(true);
    expect(keys).toHaveLength(3);
  });
});
