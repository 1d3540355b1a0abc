import { onBuildComplete } from '../../../functions/on-build-complete/on-build-complete.js';
import { onJobComplete } from '../../../functions/on-job-complete/on-job-complete.js';
import { cancel } from '../../../functions/submit/cancel.js';
import { endBuild, endJob, startBuildInCluster } from '../../shared/lifecycle/play-agent.js';
import { BASES, Turns } from '../../shared/lifecycle/play-turns.js';
import { ask } from './ask.js';

describe('the place in the queue where bounds are reached', () => {
  let turns: Turns;
  beforeEach(async () => {
    turns = await Turns.open(1, 1);
  });
  afterEach(() => turns.stage.close());

  /** [phase, position at the top, of the build, of the job] and the two states. */
  async function read(id: string): Promise<unknown> {
    const { body } = await ask(turns.stage, `/inspect/${id}/status`);
    const build = body['build'] as Record<string, unknown>;
    const job = body['job'] as Record<string, unknown>;
    expect((body['status'] as Record<string, unknown>)['job']).toEqual(job);
    return [
      [body['phase'], body['position'], build['position'], job['position']],
      [build['state'], job['state'], job['completions']],
    ];
  }
  const waitsForBuild = (place: number | null) => [
    ['queued', place, place, null],
    ['waiting', 'waiting', 1],
  ];
  const waitsForRuns = (place: number | null) => [
    ['running', place, null, place],
    ['terminated', 'waiting', 1],
  ];

  it('is told of builds, and is none for the one whose turn it is', async () => {
    const [first, second, third] = await turns.submitAll(BASES.slice(0, 3));
    expect(await read(first!.id)).toEqual(waitsForBuild(null));
    expect(await read(second!.id)).toEqual(waitsForBuild(1));
    expect(await read(third!.id)).toEqual(waitsForBuild(2));
    await cancel(turns.stage.ports, second!.id);
    expect(await read(third!.id)).toEqual(waitsForBuild(1));
    await startBuildInCluster(turns.stage, first!.buildId);
    expect(await read(first!.id)).toEqual([
      ['building', null, null, null],
      ['running', 'waiting', 1],
    ]);
  });

  it('is the same for all who share a build', async () => {
    const [, second, third] = await turns.submitAll(['fedora:38', 'fedora:40', 'fedora:40']);
    expect(await read(second!.id)).toEqual(waitsForBuild(1));
    expect(await read(third!.id)).toEqual(waitsForBuild(1));
  });

  it('is told of runs; the phase does not go back for it, nor when the turn comes', async () => {
    const all = await turns.submitAll(BASES.slice(0, 3));
    for (const { buildId } of all) {
      await turns.build(buildId);
      await turns.deliverHints();
    }
    const [first, second, third] = all;
    expect(await read(second!.id)).toEqual(waitsForRuns(1));
    expect(await read(third!.id)).toEqual(waitsForRuns(2));
    await turns.run(first!.id);
    // Its turn has come, and the hint is under way.
    expect(await read(second!.id)).toEqual(waitsForRuns(null));
    await turns.deliverHints();
    expect(await read(second!.id)).toEqual(waitsForRuns(null));
    expect(await read(third!.id)).toEqual(waitsForRuns(1));
  });

  it('keeps those queued for whom nothing was built', async () => {
    const [first] = await turns.submitAll(['fedora:40']);
    await endBuild(turns.stage, first!.buildId);
    await onBuildComplete(turns.stage.ports, first!.buildId);
    const [reusing] = await turns.submitAll(['fedora:40']);
    expect(await read(reusing!.id)).toEqual([
      ['queued', 1, null, 1],
      ['terminated', 'waiting', 1],
    ]);
    await endJob(turns.stage, first!.id);
    await onJobComplete(turns.stage.ports, first!.id);
    await turns.deliverHints();
    expect(await read(reusing!.id)).toEqual([
      ['queued', null, null, null],
      ['terminated', 'waiting', 1],
    ]);
  });

  it('is none for what has ended', async () => {
    const [, second] = await turns.submitAll(BASES.slice(0, 2));
    await cancel(turns.stage.ports, second!.id);
    expect(await read(second!.id)).toEqual([
      ['cancelled', null, null, null],
      ['terminated', 'terminated', 0],
    ]);
  });
});
