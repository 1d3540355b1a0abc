import type { Specification } from '../../../shared/inspection/specification.js';
import { planRun } from '../../../shared/run/plan-run.js';

const requests = { cpu: '500m', memory: '256Mi', hardware: {} };
const specification: Specification = {
  base: 'debian:12',
  packages: [],
  python_packages: [],
  package_manager: 'micropipenv',
  files: [],
  environment: [],
  batch_size: 1,
  build: { requests },
  run: { requests },
  update: false,
  upgrade_pip: false,
  send_messages: true,
  force_sync: false,
  force: false,
};

function environmentOf(plan: ReturnType<typeof planRun>): Record<string, string> {
  return Object.fromEntries(plan.environment.map(({ name, value }) => [name, value]));
}

describe('planRun', () => {
  it('mounts our scripts and the user’s, all executable', () => {
    const plan = planRun({ ...specification, script: '#!/bin/sh\necho hi\n' });
    expect(plan.files.map(({ path, mode }) => [path, mode])).toEqual([
      ['/amun/hwinfo.sh', 0o755],
      ['/amun/entrypoint.sh', 0o755],
      ['/home/amun/script', 0o755],
    ]);
    expect(plan.files[2]!.content).toBe('#!/bin/sh\necho hi\n');
    expect(plan.init).toEqual(['/bin/sh', '/amun/hwinfo.sh']);
    expect(plan.command).toEqual(['/bin/sh', '/amun/entrypoint.sh']);
    expect(environmentOf(plan)).toEqual({
      HOME: '/home/amun',
      THOTH_AMUN_HWINFO_PATH: '/home/amun/hwinfo/info.json',
    });
  });

  it('leaves a script’s URL to the run', () => {
    const plan = planRun({ ...specification, script: 'https://example.org/script.py' });
    expect(plan.files).toHaveLength(2);
    expect(environmentOf(plan)['AMUN_SCRIPT_URL']).toBe('https://example.org/script.py');
  });

  it('lets the user’s variables through, but for those with our names', () => {
    const environment = [
      { name: 'OMP_NUM_THREADS', value: '1' },
      { name: 'HOME', value: '/tmp' },
      { name: 'AMUN_SCRIPT_URL', value: 'http://elsewhere.example' },
      { name: 'AMUN_OUTPUT_LIMIT', value: '999999999' },
    ];
    const plan = planRun({ ...specification, script: 'true', environment }, { outputBytes: 1000 });
    expect(environmentOf(plan)).toEqual({
      HOME: '/tmp',
      OMP_NUM_THREADS: '1',
      THOTH_AMUN_HWINFO_PATH: '/home/amun/hwinfo/info.json',
      AMUN_OUTPUT_LIMIT: '1000',
    });
    expect(plan.environment.filter(({ name }) => name === 'HOME')).toHaveLength(1);
  });

  it('hands every limit on', () => {
    const limits = {
      outputBytes: 1,
      logFormat: 'lines' as const,
      fetchBytes: 2,
      fetchSeconds: 3,
      stopSeconds: 4,
    };
    expect(environmentOf(planRun(specification, limits))).toMatchObject({
      AMUN_OUTPUT_LIMIT: '1',
      AMUN_LOG_FORMAT: 'lines',
      AMUN_FETCH_LIMIT: '2',
      AMUN_FETCH_TIMEOUT: '3',
      AMUN_STOP_TIMEOUT: '4',
    });
  });
});
