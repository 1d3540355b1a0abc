/** An inspection with a batch of two that has ended, as every exit is given it. */
export const EXPORTED = {
  id: 'inspection-numpy-0123456789abcdef',
  specification: { base: 'fedora:40', script: '#!/bin/sh\n', batch_size: 2, '@created': 'then' },
  buildLog: 'STEP 1/1\nGrüße\n',
  runs: [0, 1].map((item) => ({
    report: { exit_code: item, hwinfo: { cpu_info: { count: 2 } }, stdout: { a: 1e-7, b: 'ü' } },
    stdout: '{"a": 1e-7, "b": "ü"}',
    stderr: `warned ${item}\n`,
  })),
} as const;

/** Exports that inspection by one of the exits. @returns what lies there then, by key */
export type Exit = () => Promise<ReadonlyMap<string, string>>;

/** What Thoth's readers rely on, by whatever exit an inspection leaves. */
export function describeExportContract(name: string, exit: Exit): void {
  describe(`an export by ${name}`, () => {
    const { id, runs } = EXPORTED;

    it('has the objects of the build and of each run, and nothing else', async () => {
      const keys = [...(await exit()).keys()].sort();
      expect(keys).toEqual(
        [
          ...['Dockerfile', 'log', 'specification'].map((one) => `${id}/build/${one}`),
          ...[0, 1].flatMap((item) =>
            ['hwinfo', 'log', 'result'].map((one) => `${id}/results/${item}/${one}`),
          ),
        ].sort(),
      );
    });

    it('has texts as they are, and everything else as JSON', async () => {
      const found = await exit();
      const json = (key: string) => JSON.parse(found.get(key) ?? '') as unknown;
      expect(found.get(`${id}/build/log`)).toBe(EXPORTED.buildLog);
      expect(found.get(`${id}/build/Dockerfile`)).toMatch(/^FROM fedora:40$/m);
      expect(json(`${id}/build/specification`)).toEqual(EXPORTED.specification);
      for (const [item, { report, stdout, stderr }] of runs.entries()) {
        expect(json(`${id}/results/${item}/result`)).toEqual(report);
        expect(json(`${id}/results/${item}/hwinfo`)).toEqual(report.hwinfo);
        expect(found.get(`${id}/results/${item}/log`)).toBe(`${stdout}\n${stderr}`);
      }
    });

    it('is the same each time, byte for byte', async () => {
      expect([...(await exit())].sort()).toEqual([...(await exit())].sort());
    });
  });
}
