import type { Generation, Returned } from './amun-package.js';
import { having, like, noObject, refused } from './expected.js';
import type { Kind } from './inspections.js';

/** Calls functions about one inspection. @param more arguments after its id */
export type About = (
  generation: Generation,
  kind: Kind,
  functions: readonly string[],
  ...more: readonly unknown[]
) => Promise<Returned[]>;

const REPORT = { stderr: 'careful\n', script_sha256: like(/^[0-9a-f]{64}$/) };

/** What each generation reads of the runs' reports. */
export function describeReports(about: About): void {
  describe('0.3.8 reads the report', () => {
    const functions = ['get_inspection_job_log', 'InspectionApi.get_inspection_job_log'];
    it('of a run that has ended', async () => {
      const [log, answer] = await about('0.3.8', 'json', functions);
      expect(log?.value).toMatchObject({ ...REPORT, exit_code: 0, stdout: { threads: 2 } });
      expect(answer?.value).toMatchObject({ log: log?.value });
      const [failed] = await about('0.3.8', 'failed-script', functions);
      expect(failed?.value).toMatchObject({ exit_code: 3, stdout: { threads: 2 } });
    });

    it('not before its end, not where there is none, and no text', async () => {
      const early = {
        raised: 'ValueError',
        message: 'Invalid value for `log`, must not be `None`',
      };
      expect(await about('0.3.8', 'running', functions)).toEqual([early, early]);
      expect(await about('0.3.8', 'waiting', functions)).toEqual([early, early]);
      expect(await about('0.3.8', 'build-only', functions)).toEqual(refused(404, 2));
      expect(await about('0.3.8', 'text', functions)).toEqual(noObject(2));
    });
  });

  describe('0.4.3 reads the reports', () => {
    const functions = ['get_inspection_job_logs', 'InspectionApi.get_inspection_job_logs'];
    const first = ['InspectionApi.get_inspection_job_log'];
    it('of a batch', async () => {
      const report = having({ ...REPORT, exit_code: 0, stdout: { threads: 2 } });
      const [logs, answer] = await about('0.4.3', 'json', functions);
      expect(logs?.value).toEqual([report, report]);
      expect(answer?.value).toMatchObject({
        logs: logs?.value,
        status: { build: { state: 'terminated' }, job: { completions: 2, succeeded: 2 } },
      });
      expect(await about('0.4.3', 'json', first)).toEqual([{ value: having({ log: report }) }]);
      const [failed] = await about('0.4.3', 'failed-script', functions);
      expect(failed?.value).toMatchObject([{ exit_code: 3, stdout: { threads: 2 } }]);
    });

    it('none where there is none, and no text', async () => {
      for (const kind of ['running', 'waiting', 'build-only', 'failed-build'] as const) {
        expect((await about('0.4.3', kind, functions))[0]).toEqual({ value: [] });
      }
      expect((await about('0.4.3', 'running', first))[0]?.value).toMatchObject({ log: null });
      expect(await about('0.4.3', 'build-only', first)).toEqual(refused(404, 1));
      expect(await about('0.4.3', 'text', [...functions, ...first])).toEqual(noObject(3));
    });
  });

  describe('0.5.0 reads the reports', () => {
    const functions = ['get_inspection_job_log', 'get_inspection_job_result'].map(
      (name) => `InspectionApi.${name}`,
    );
    it('of each run of a batch', async () => {
      const report = { ...REPORT, exit_code: 0, stdout: { threads: 2 } };
      for (const item of [0, 1]) {
        const [log, result] = await about('0.5.0', 'json', functions, item);
        expect(log?.value).toMatchObject({ log: report, parameters: { item } });
        expect(result?.value).toMatchObject({ result: report, parameters: { item } });
      }
      const size = await about('0.5.0', 'json', ['InspectionApi.get_inspection_job_batch_size']);
      expect(size[0]?.value).toMatchObject({ batch_size: 2 });
    });

    it('not before their end, not where there are none, and no text', async () => {
      for (const kind of ['running', 'waiting', 'build-only', 'failed-build'] as const) {
        expect(await about('0.5.0', kind, functions, 0)).toEqual(refused(404, 2));
      }
      expect(await about('0.5.0', 'json', functions, 2)).toEqual(refused(404, 2));
      expect(await about('0.5.0', 'text', functions, 0)).toEqual(noObject(2));
    });
  });
}
