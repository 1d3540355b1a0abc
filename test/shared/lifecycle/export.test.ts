import { cancel } from '../../../functions/submit/cancel.js';
import { submit } from '../../../functions/submit/submit.js';
import { exportProgressKey } from '../../../shared/lifecycle/artifact-keys.js';
import { openExportStage, type ExportStage } from './open-export-stage.js';
import { specify } from './open-stage.js';
import { BUILD_LOG } from './play-agent.js';
import { runUntilQuiet } from './run-until-quiet.js';

describe('the export of what has ended', () => {
  let stage: ExportStage;
  beforeEach(async () => {
    stage = await openExportStage();
  });
  afterEach(() => stage.close());

  it('puts each object once, the specification last, and then tells of the end', async () => {
    const put = stage.exporter.put.bind(stage.exporter);
    const told: number[] = [];
    stage.exporter.put = (object) => {
      told.push(stage.ends().length);
      return put(object);
    };
    const id = await stage.inspect({ batch_size: 3 });
    const runs = [0, 1, 2].flatMap((item) =>
      ['hwinfo', 'log', 'result'].map((name) => `${id}/results/${item}/${name}`),
    );
    const build = ['Dockerfile', 'log', 'specification'].map((name) => `${id}/build/${name}`);
    expect([...stage.exporter.puts].sort()).toEqual([...runs, ...build].sort());
    expect(stage.exporter.puts.at(-1)).toBe(`${id}/build/specification`);
    expect(stage.exporter.objects.get(`${id}/build/log`)).toBe(BUILD_LOG);
    expect(stage.exporter.objects.get(`${id}/build/Dockerfile`)).toContain('fedora:40');
    expect(stage.exporter.objects.get(`${id}/results/2/log`)).toBe('hello from run 2\n');
    expect(told.every((count) => count === 0)).toBe(true);
    expect(stage.ends()).toHaveLength(1);
    expect((await stage.recordOf(id)).exportedAt).toBeDefined();
    expect(await stage.ports.store.artifacts.get(exportProgressKey(id))).toBeUndefined();
  });

  it('exports a build without runs, and one that failed', async () => {
    const only = await stage.inspect({ script: null, base: 'fedora:41' });
    expect(
      [...stage.exporter.objects.keys()].every((key) => key.startsWith(`${only}/build/`)),
    ).toBe(true);
    const { id } = await submit(stage.ports, specify({ base: 'fedora:42' }));
    await runUntilQuiet(stage, { build: { reason: 'BuildFailed' } });
    expect(stage.exporter.objects.get(`${id}/build/log`)).toBe(BUILD_LOG);
    expect((await stage.recordOf(id)).exportedAt).toBeDefined();
  });

  it('leaves the log of a build that went on for others empty', async () => {
    const { id } = await submit(stage.ports, specify());
    await cancel(stage.ports, id);
    await runUntilQuiet(stage);
    expect(stage.exporter.objects.get(`${id}/build/log`)).toBe('');
  });

  it('exports nothing where there is nowhere to', async () => {
    const nowhere = { ...stage, ports: { ...stage.ports, exporter: undefined } };
    const { id } = await submit(nowhere.ports, specify());
    await runUntilQuiet(nowhere);
    expect(await stage.recordOf(id)).not.toHaveProperty('exportedAt');
    expect(stage.ends()).toHaveLength(1);
  });
});
