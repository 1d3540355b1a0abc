import { appendFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { onBuildComplete } from '../../../functions/on-build-complete/on-build-complete.js';
import { cancel } from '../../../functions/submit/cancel.js';
import { submit } from '../../../functions/submit/submit.js';
import {
  buildAttemptFolder,
  LOG_FILE,
  runAttemptFolder,
} from '../../../shared/cluster/local/layout.js';
import { buildLogKey, runLogKey } from '../../../shared/lifecycle/artifact-keys.js';
import { openStage, specify, type Stage } from '../../shared/lifecycle/open-stage.js';
import {
  BUILD_LOG,
  endBuild,
  loseFromCluster,
  startBuildInCluster,
  STARTED,
  writeRuns,
} from '../../shared/lifecycle/play-agent.js';
import { runUntilQuiet } from '../../shared/lifecycle/run-until-quiet.js';
import { ask } from './ask.js';

const MARK = '\x1eamun:0a1b2c3d:';

describe('logs', () => {
  let stage: Stage;
  let id: string;
  let buildId: string;
  beforeEach(async () => {
    stage = await openStage();
    await submit(stage.ports, specify());
    ({ id, buildId } = await stage.newest());
  });
  afterEach(() => stage.close());

  const buildLog = async (query = '') =>
    (await ask(stage, `/inspect/${id}/build/log${query}`)).body;
  const output = async (cursor?: string) => {
    const query = cursor === undefined ? {} : { cursor };
    return (await ask(stage, `/inspect/${id}/job/0/output`, { query })).body;
  };
  async function writeBuildLog(bytes: string | Buffer): Promise<void> {
    const folder = buildAttemptFolder(stage.layout, buildId, 1);
    await mkdir(folder, { recursive: true });
    await startBuildInCluster(stage, buildId);
    await writeFile(path.join(folder, LOG_FILE), bytes);
  }
  async function startRun(): Promise<string> {
    await endBuild(stage, buildId);
    await onBuildComplete(stage.ports, buildId);
    await writeRuns(stage, id, () => ({ state: 'running', startedAt: STARTED }));
    const file = path.join(runAttemptFolder(stage.layout, id, 0, 1), LOG_FILE);
    await writeFile(file, '');
    return file;
  }
  const withLog = (key: string, bytes: string | Buffer) =>
    stage.ports.store.artifacts.put(key, bytes);

  describe('of a build', () => {
    it('is empty before the build has begun', async () => {
      expect(await buildLog()).toEqual({
        log: '',
        next_offset: 0,
        complete: false,
        parameters: { inspection_id: id },
      });
    });

    it('is null where the cluster has lost it', async () => {
      await loseFromCluster(stage, { kind: 'build', id: buildId });
      expect(await buildLog()).toMatchObject({ log: null, next_offset: 0, complete: false });
      expect(await buildLog('?offset=7')).toMatchObject({ log: null, next_offset: 7 });
    });

    it('comes live, piece by piece, and goes on from the store', async () => {
      await writeBuildLog(BUILD_LOG.slice(0, 10));
      const first = await buildLog('?offset=0');
      expect(first).toMatchObject({
        log: BUILD_LOG.slice(0, 10),
        next_offset: 10,
        complete: false,
      });
      expect(await buildLog('?offset=10')).toMatchObject({ log: '', next_offset: 10 });
      await runUntilQuiet(stage);
      expect(await buildLog('?offset=10')).toMatchObject({
        log: BUILD_LOG.slice(10),
        next_offset: BUILD_LOG.length,
        complete: true,
      });
      expect(await buildLog()).toMatchObject({ log: BUILD_LOG, complete: true });
    });

    it('never cuts a character in two', async () => {
      const snow = Buffer.from('a❄');
      await writeBuildLog(snow.subarray(0, 2));
      expect(await buildLog('?offset=0')).toMatchObject({ log: 'a', next_offset: 1 });
      await writeBuildLog(snow);
      expect(await buildLog('?offset=1')).toMatchObject({ log: '❄', next_offset: 4 });
    });

    it.each(['live', 'stored'])('of 5 MiB comes whole in pieces: %s', async (place) => {
      const log = 'é'.repeat(2.5 * 1024 * 1024);
      if (place === 'live') await writeBuildLog(log);
      else await withLog(buildLogKey(buildId), log);
      let read = '';
      let offset = 0;
      for (let asked = 0; asked < 6; asked += 1) {
        const body = await buildLog(`?offset=${offset}`);
        expect((body['log'] as string).length).toBeLessThanOrEqual(1024 * 1024);
        read += body['log'] as string;
        offset = body['next_offset'] as number;
      }
      expect(read).toBe(log);
      expect(offset).toBe(5 * 1024 * 1024);
    });

    it('ends at until, and is complete only at its own end', async () => {
      await withLog(buildLogKey(buildId), 'a❄bc');
      const piece = (query: string) => buildLog(`?offset=1&until=${query}`);
      expect(await piece('5')).toMatchObject({ log: '❄b', next_offset: 5, complete: false });
      expect(await piece('3')).toMatchObject({ log: '\ufffd', next_offset: 3, complete: false });
      expect(await piece('6')).toMatchObject({ log: '❄bc', next_offset: 6, complete: true });
      expect(await piece('0')).toMatchObject({ log: '', next_offset: 1, complete: false });
    });

    it('beyond its end is empty', async () => {
      await withLog(buildLogKey(buildId), 'abc');
      expect(await buildLog('?offset=100')).toMatchObject({
        log: '',
        next_offset: 100,
        complete: true,
      });
    });

    it('is nobody else’s for an inspection that was never built', async () => {
      await runUntilQuiet(stage);
      await submit(stage.ports, specify({ run: { requests: { hardware: { cpu_family: 1 } } } }));
      ({ id } = await stage.newest());
      expect(await buildLog()).toMatchObject({ log: null, complete: true });
    });
  });

  describe('of a run', () => {
    it('is empty before there is any', async () => {
      expect(await output()).toMatchObject({ stdout: '', stderr: '', complete: false });
    });

    it('comes live, both streams apart, and holds back what may be a mark', async () => {
      const file = await startRun();
      await appendFile(file, `${MARK}h:1\none\n${MARK.slice(0, 6)}`);
      const first = await output();
      expect(first).toMatchObject({ stdout: 'one\n', stderr: '', complete: false });
      await appendFile(file, `${MARK.slice(6)}e:wrong\n${MARK}o:two`);
      const second = await output(first['next_cursor'] as string);
      expect(second).toMatchObject({ stdout: 'two', stderr: 'wrong\n', complete: false });
      await appendFile(file, `\n${MARK}r:{"exit_code":0,"stdout_cut":5}\n`);
      const third = await output(second['next_cursor'] as string);
      expect(third).toMatchObject({ stdout: '\n', stderr: '', complete: false });
      await runUntilEnd(file);
      const last = await output(third['next_cursor'] as string);
      expect(last).toMatchObject({ stdout: '', stderr: '', complete: true });
      expect((await output())['cut']).toEqual({ stdout: true, stderr: false });
      expect(await output()).toMatchObject({ stdout: 'one\ntwo\n', stderr: 'wrong\n' });
    });

    it('comes whole in pieces however large it is', async () => {
      const stdout = `${'é'.repeat(700_000)}\n`;
      const stderr = 'e'.repeat(1_500_000);
      await withLog(
        runLogKey(id, 0),
        `${MARK}h:1\n${stdout}${MARK}e:${stderr}${MARK}r:{"exit_code":0}\n`,
      );
      const read = { stdout: '', stderr: '' };
      let body = await output();
      for (let asked = 0; asked < 5; asked += 1) {
        read.stdout += body['stdout'] as string;
        read.stderr += body['stderr'] as string;
        if (body['complete'] === true) break;
        body = await output(body['next_cursor'] as string);
      }
      expect(read).toEqual({ stdout, stderr });
      expect(body['complete']).toBe(true);
    });

    it('is complete where the inspection ended without it', async () => {
      await cancel(stage.ports, id);
      expect(await output()).toMatchObject({ stdout: '', stderr: '', complete: true });
    });
  });

  /** Ends the run with the log that it has, and has it collected. */
  async function runUntilEnd(file: string): Promise<void> {
    const log = await readFile(file);
    await writeRuns(stage, id, () => ({ state: 'terminated', exitCode: 0, startedAt: STARTED }));
    await writeFile(file, log);
    await runUntilQuiet(stage);
  }
});
