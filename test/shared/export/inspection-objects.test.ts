import { buildObjects, runObjects } from '../../../shared/export/inspection-objects.js';

const ID = 'inspection-0123456789abcdef';
const bodies = (objects: ReturnType<typeof buildObjects>) =>
  Object.fromEntries(objects.map(({ key, body }) => [key, body]));

describe('the objects of an export', () => {
  it('are, of a build, its log, Dockerfile and specification, which is the last', () => {
    const specification = { base: 'fedora:40', '@created': 'then' };
    const objects = buildObjects(ID, { specification, dockerfile: 'FROM x\n', log: 'STEP 1\n' });
    expect(objects.map(({ key, contentType }) => [key, contentType])).toEqual([
      [`${ID}/build/log`, 'text/plain; charset=utf-8'],
      [`${ID}/build/Dockerfile`, 'text/plain; charset=utf-8'],
      [`${ID}/build/specification`, 'application/json'],
    ]);
    expect(bodies(objects)[`${ID}/build/log`]).toBe('STEP 1\n');
    expect(bodies(objects)[`${ID}/build/Dockerfile`]).toBe('FROM x\n');
    expect(JSON.parse(bodies(objects)[`${ID}/build/specification`]!)).toEqual(specification);
  });

  it('are, of a run, its hardware, its log and its report', () => {
    const report = { exit_code: 0, hwinfo: { cpu_info: { count: 2 } }, stdout: { a: 1 } };
    const objects = bodies(
      runObjects(ID, 12, { report, stdout: '{"a": 1}\n', stderr: 'warned\n' }),
    );
    expect(Object.keys(objects)).toEqual(
      ['hwinfo', 'log', 'result'].map((name) => `${ID}/results/12/${name}`),
    );
    expect(JSON.parse(objects[`${ID}/results/12/hwinfo`]!)).toEqual(report.hwinfo);
    expect(JSON.parse(objects[`${ID}/results/12/result`]!)).toEqual(report);
    expect(objects[`${ID}/results/12/log`]).toBe('{"a": 1}\nwarned\n');
  });

  it.each([
    ['out', 'err', 'out\nerr'],
    ['out\n', 'err', 'out\nerr'],
    ['out', '', 'out'],
    ['', 'err', 'err'],
    ['', '', ''],
  ])('begin stderr on a line of its own: %j and %j', (stdout, stderr, log) => {
    expect(runObjects(ID, 0, { report: {}, stdout, stderr })[1]?.body).toBe(log);
  });

  it.each([null, 'text', [], {}])(
    'have hardware that is an object, whatever the report: %j',
    (report) => {
      const [hwinfo] = runObjects(ID, 0, { report, stdout: '', stderr: '' });
      expect(JSON.parse(hwinfo!.body)).toEqual({});
    },
  );
});
