import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { readMachine } from '../../../../shared/cluster/local/machine.js';
import { whyUnschedulable } from '../../../../shared/cluster/local/why-unschedulable.js';

const GIBIBYTE = 1024 ** 3;

function processor(number: number, socket: number): string {
  return [
    `processor\t: ${number}`,
    'vendor_id\t: GenuineIntel',
    'cpu family\t: 6',
    'model\t\t: 85',
    'model name\t: Intel(R) Xeon(R) Gold 6126 CPU @ 2.60GHz',
    `physical id\t: ${socket}`,
    '',
  ].join('\n');
}

describe('the machine', () => {
  let folder: string;

  beforeEach(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'amun-machine-'));
    await mkdir(path.join(folder, 'proc/driver/nvidia/gpus/0000:01:00.0'), { recursive: true });
    await mkdir(path.join(folder, 'dev'));
    const cpuinfo = [0, 0, 1, 1].map((socket, number) => processor(number, socket)).join('\n');
    await writeFile(path.join(folder, 'proc/cpuinfo'), cpuinfo);
    await writeFile(path.join(folder, 'proc/meminfo'), 'MemTotal:        8388608 kB\n');
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  const read = (limits = {}): ReturnType<typeof readMachine> =>
    readMachine(limits, { proc: path.join(folder, 'proc'), dev: path.join(folder, 'dev') });

  it('is read from /proc, less a reserve of memory', async () => {
    const machine = await read({ cpus: 3 });
    expect(machine).toMatchObject({
      cpus: 3,
      cpuFamily: 6,
      cpuModel: 85,
      vendor: 'GenuineIntel',
      physicalCpus: 2,
      gpus: 1,
    });
    expect(machine.memoryBytes).toBeLessThan(8 * GIBIBYTE);
    expect(machine.memoryBytes).toBeGreaterThan(6 * GIBIBYTE);
    expect((await read({ memoryBytes: 12345 })).memoryBytes).toBe(12345);
  });

  it('counts GPUs by their devices where the driver shows no list', async () => {
    await rm(path.join(folder, 'proc/driver'), { recursive: true });
    for (const name of ['nvidia0', 'nvidia1', 'nvidiactl']) {
      await writeFile(path.join(folder, 'dev', name), '');
    }
    expect((await read()).gpus).toBe(2);
  });

  it('does not mind a machine that tells nothing', async () => {
    await rm(path.join(folder, 'proc'), { recursive: true });
    const machine = await read();
    expect(machine).toMatchObject({ gpus: 0, physicalCpus: 1 });
    expect(machine.cpus).toBeGreaterThan(0);
    const requests = { cpu: '1', memory: '1Mi', hardware: { cpu_family: 6 } };
    expect(whyUnschedulable(requests, machine)).toContain('none that it tells');
  });

  it.each([
    [{ cpu: '2500m' }, 'No machine has cpu 2500m; this one has 2.'],
    [
      { memory: '64Gi' },
      /^No machine has 64Gi of memory; this one has 7\.\dGi for builds and runs\.$/,
    ],
    [{ hardware: { cpu_family: 23 } }, 'No machine has cpu_family 23; this one has 6.'],
    [{ hardware: { cpu_model: 1 } }, 'No machine has cpu_model 1; this one has 85.'],
    [{ hardware: { physical_cpus: 4 } }, 'No machine has physical_cpus 4; this one has 2.'],
    [{ hardware: { gpu: 2 } }, 'No machine has gpu 2; this one has 1.'],
    [
      { hardware: { processor: 'AuthenticAMD' } },
      /^No machine has the processor "AuthenticAMD"; this one has GenuineIntel, Intel/,
    ],
  ])('says what of %j it does not have', async (asked, sentence) => {
    const requests = { cpu: '1', memory: '1Gi', hardware: {}, ...asked };
    const why = whyUnschedulable(requests, await read({ cpus: 2 }));
    if (typeof sentence === 'string') expect(why).toBe(sentence);
    else expect(why).toMatch(sentence);
  });

  it('has nothing to say where it has everything', async () => {
    const hardware = { cpu_family: 6, cpu_model: 85, processor: 'xeon', physical_cpus: 2, gpu: 1 };
    const requests = { cpu: '2', memory: '7Gi', hardware };
    expect(whyUnschedulable(requests, await read({ cpus: 2 }))).toBeUndefined();
  });
});
