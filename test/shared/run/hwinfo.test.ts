import fc from 'fast-check';
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { HWINFO_SCRIPT } from '../../../shared/run/hwinfo-script.js';
import { HWINFO_KEYS, type HardwareInfo } from './hwinfo-keys.js';
import { findShells } from './shells.js';

const folder = mkdtempSync(path.join(tmpdir(), 'amun-hwinfo-'));
const script = path.join(folder, 'hwinfo.sh');
writeFileSync(script, HWINFO_SCRIPT);
const shells = findShells(path.join(folder, 'shells'));

afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

type Tree = Readonly<Record<string, string | Uint8Array>>;
let count = 0;
/** Describes a machine whose /proc and /sys are these files. */
function describeMachine(tree: Tree, [program, ...first] = shells[0]!.command): HardwareInfo {
  const root = path.join(folder, String(count++));
  mkdirSync(root);
  for (const [name, content] of Object.entries(tree)) {
    mkdirSync(path.dirname(path.join(root, name)), { recursive: true });
    writeFileSync(path.join(root, name), content);
  }
  const out = path.join(root, 'info.json');
  // No PATH: nothing but the shell itself is to be needed.
  const env = { PATH: '/nowhere', THOTH_AMUN_HWINFO_PATH: out };
  const at = program.includes('/') ? program : `/usr/bin/${program}`;
  const done = spawnSync(at, [...first, script, path.join(root, 'proc'), path.join(root, 'sys')], {
    env,
    encoding: 'utf8',
  });
  expect({ status: done.status, stderr: done.stderr }).toEqual({ status: 0, stderr: '' });
  return JSON.parse(readFileSync(out, 'utf8')) as HardwareInfo;
}

const cpuinfo = (
  more: string,
): string => `processor\t: 0\nvendor_id\t: GenuineIntel\ncpu family\t: 6
model\t\t: 85\nmodel name\t: Intel(R) Xeon(R) Gold 6130 CPU @ 2.10GHz\nstepping\t: 4
cpu MHz\t\t: 2693.672\nflags\t\t: sse sse2 mmx pni ssse3 lm avx 3dnowprefetch\n${more}\nprocessor\t: 1\nmodel\t: 1\n`;
const cache = (index: number, level: string, type: string, size: string): Tree => {
  const at = `sys/devices/system/cpu/cpu0/cache/index${index}`;
  return {
    [`${at}/level`]: level,
    [`${at}/type`]: type,
    [`${at}/size`]: size,
    [`${at}/coherency_line_size`]: '64',
    [`${at}/ways_of_associativity`]: '16',
  };
};
const machine: Tree = {
  'proc/cpuinfo': cpuinfo(''),
  'proc/sys/kernel/arch': 'x86_64\n',
  'proc/sys/kernel/hostname': 'node-1\n',
  'proc/sys/kernel/osrelease': '5.14.0\n',
  'proc/sys/kernel/version': '#1 SMP "quoted" \\ back\n',
  'sys/devices/system/cpu/online': '0-3,8\n',
  ...cache(0, '1', 'Data', '32K'),
  ...cache(1, '1', 'Instruction', '32K'),
  ...cache(2, '2', 'Unified', '1024K'),
  ...cache(3, '3', 'Unified', '22528K'),
};
describe.each(shells)('hwinfo.sh under $name', ({ command }) => {
  it('has every key that clients know', () => {
    const info = describeMachine(machine, command);
    for (const [part, keys] of Object.entries(HWINFO_KEYS)) {
      expect(Object.keys(info[part as keyof typeof HWINFO_KEYS]).sort()).toEqual(
        keys.split(' ').sort(),
      );
    }
  });

  it('describes processor and platform', () => {
    const info = describeMachine(machine, command);
    expect(info.cpu_features).toMatchObject({
      flags: ['3dnowprefetch', 'avx', 'lm', 'mmx', 'pni', 'sse', 'sse2', 'ssse3'],
      hz_actual: [2693672000, 0],
      hz_advertised: [2100000000, 0],
      hz_actual_raw: null,
      l1_data_cache_size: 32768,
      l2_cache_size: 1048576,
      l3_cache_size: 23068672,
    });
    expect(info.cpu_info).toMatchObject({
      arch: 'X86_64',
      bits: 64,
      count: 5,
      family: 6,
      model: 85,
      stepping: 4,
      hz_actual_friendly: '2.6937 GHz',
      hz_advertised_friendly: '2.1000 GHz',
      l2_cache_line_size: 64,
    });
    expect(info.cpu_type).toMatchObject({
      has_sse3: true,
      has_3dnow: false,
      is_Intel: true,
      is_Xeon: true,
      is_i686: true,
      is_AMD: false,
      is_singleCPU: false,
      is_Itanium: null,
      nbits: '64',
      ncpus: 5,
    });
    expect(info.platform).toMatchObject({
      architecture: ['64bit', ''],
      machine: 'x86_64',
      node: 'node-1',
      release: '5.14.0',
      version: '#1 SMP "quoted" \\ back',
    });
    expect(info.gpu).toBeUndefined();
  });

  it('describes ARM, which names things otherwise', () => {
    const arm =
      'processor\t: 0\nFeatures\t: fp asimd\nCPU implementer\t: 0x41\nCPU architecture: 8\nCPU part\t: 0xd0c\nCPU revision\t: 1\n\n';
    const info = describeMachine(
      { 'proc/cpuinfo': arm, 'proc/sys/kernel/arch': 'aarch64' },
      command,
    );
    expect(info.cpu_info).toMatchObject({
      arch: 'ARM_8',
      vendor_id_raw: '0x41',
      family: 8,
      model: 0xd0c,
      stepping: 1,
      brand_raw: null,
      hz_actual_friendly: null,
    });
    expect(info.cpu_features).toMatchObject({
      flags: ['asimd', 'fp'],
      hz_actual: null,
      l2_cache_size: null,
    });
  });

  it('lists graphics processors, and no other devices', () => {
    const at = 'sys/bus/pci/devices';
    const info = describeMachine(
      {
        ...machine,
        [`${at}/0000:01:00.0/class`]: '0x030200\n',
        [`${at}/0000:01:00.0/vendor`]: '0x10de\n',
        [`${at}/0000:01:00.0/device`]: '0x1db4\n',
        [`${at}/0000:02:00.0/class`]: '0x020000\n',
        [`${at}/0000:03:00.0/class`]: '0x030000\n',
        [`${at}/0000:03:00.0/vendor`]: '0x1234\n',
        'proc/driver/nvidia/gpus/0000:01:00.0/information':
          'Model: \t\t Tesla V100\nGPU UUID: \t GPU-1\n',
      },
      command,
    );
    expect(info.gpu).toEqual([
      {
        bus: '0000:01:00.0',
        vendor_id: '0x10de',
        vendor: 'NVIDIA',
        device_id: '0x1db4',
        model: 'Tesla V100',
        uuid: 'GPU-1',
      },
      {
        bus: '0000:03:00.0',
        vendor_id: '0x1234',
        vendor: null,
        device_id: null,
        model: null,
        uuid: null,
      },
    ]);
  });

  it('describes a machine that tells nothing', () => {
    const info = describeMachine({}, command);
    expect(info.cpu_info).toMatchObject({ brand_raw: null, count: 1 });
    // Folders in the place of files: every read of them fails.
    const odd = { 'proc/cpuinfo/x': '', 'sys/devices/system/cpu/online/x': '' };
    expect(describeMachine(odd, command).cpu_info).toEqual(info.cpu_info);
    expect(info.cpu_type).toMatchObject({ has_sse: null, is_Intel: null, is_singleCPU: true });
  });

  it('writes JSON whatever /proc and /sys say', () => {
    const value = fc.oneof(
      fc.uint8Array({ maxLength: 30 }).map((bytes) => Buffer.from(bytes).toString('latin1')),
      fc.constantFrom(
        '08',
        '0x',
        '0xzz',
        '9'.repeat(40),
        '"\\',
        '$(id)',
        '*',
        '-n',
        '1-',
        '-',
        '0-99999999999999999999',
        '@ .GHz',
        '1.2.3',
        '@ 99999999999GHz',
      ),
    );
    const latin1 = (text: string): Buffer => Buffer.from(text, 'latin1');
    fc.assert(
      fc.property(value, value, value, (a, b, c) => {
        const tree = {
          'proc/cpuinfo': latin1(
            `vendor_id: ${a}\ncpu family: ${b}\nmodel: ${c}\nmodel name: ${a} @ ${b}GHz\ncpu MHz: ${c}\nflags: ${a} ${b}\n${c}`,
          ),
          'proc/sys/kernel/hostname': latin1(a),
          'proc/sys/kernel/arch': latin1(b),
          'sys/devices/system/cpu/online': latin1(c),
          'sys/devices/system/cpu/cpu0/cache/index0/level': latin1('1'),
          'sys/devices/system/cpu/cpu0/cache/index0/type': latin1('Data'),
          'sys/devices/system/cpu/cpu0/cache/index0/size': latin1(`${a}K`),
        };
        expect(describeMachine(tree, command)).toHaveProperty('platform');
      }),
      { numRuns: 40 },
    );
  });
});
