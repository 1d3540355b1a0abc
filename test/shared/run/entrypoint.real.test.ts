import fc from 'fast-check';
import { createHash } from 'node:crypto';
import { mkdtempSync } from 'node:fs';
import { chmod, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { jest } from '@jest/globals';
import { USAGE_FIELDS } from '../../../shared/inspection/report.js';
import type { LogFormat } from '../../../shared/run/run-log-mark.js';
import { requireTools } from '../../require-tools.js';
import { HWINFO_KEYS } from './hwinfo-keys.js';
import { makeRootFolders, type RootFolder } from './root-folders.js';
import { Containers, type ContainerOptions, type ContainerRun } from './run-container.js';

jest.setTimeout(900_000);

const describeReal = requireTools(['podman', 'busybox', 'bash', 'ldd']);
const folder = mkdtempSync(path.join(tmpdir(), 'amun-run-'));
let containers: Containers;
let roots: readonly RootFolder[];

/** A command that writes these bytes with nothing but the shell. */
function printBytes(bytes: Uint8Array): string {
  return `printf '${[...bytes].map((byte) => `\\${byte.toString(8).padStart(3, '0')}`).join('')}'`;
}

beforeAll(async () => {
  await chmod(folder, 0o755);
  containers = await Containers.start(folder);
  roots = await makeRootFolders(path.join(folder, 'roots'));
});

afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

/** Does it in every root; a failure names the root. */
async function inEachRoot(act: (root: RootFolder) => Promise<void>): Promise<void> {
  for (const root of roots) {
    try {
      await act(root);
    } catch (error) {
      throw new Error(`in the image with ${root.name}: ${String(error)}`, { cause: error });
    }
  }
}

async function runEverywhere(
  script: string,
  check: (run: ContainerRun, root: RootFolder) => void,
  options?: ContainerOptions,
): Promise<void> {
  await inEachRoot(async (root) => {
    check(await containers.run(root.folder, script, options), root);
  });
}

/** What container runtimes would drop or be filled with, beside what stands in its place. */
const TROUBLE = Buffer.from('\x1c\x1d\x1f\n\r\n\x1fT\x1fB\x1fc\0\x1e', 'latin1');

describeReal.each<LogFormat>(['raw', 'lines'])('the log of entrypoint.sh, %s', (format) => {
  it('leaves streams, exit code and report', async () => {
    const begun = Date.now();
    const script = '#!/bin/sh\necho out; echo err >&2; exit 3\n';
    await runEverywhere(
      script,
      (run, root) => {
        expect(run.stdout.toString()).toBe('out\n');
        expect(run.stderr.toString()).toBe('err\n');
        expect(run.exitCode).toBe(3);
        expect(run.report).toMatchObject({
          exit_code: 3,
          fetch_error: null,
          pump: root.pump,
          stopped: false,
          os_release: { name: 'Test "Linux"', id: 'test', version_id: '1.2', pretty_name: 'Plain' },
          runtime_environment: { operating_system: { name: 'test', version: '1.2' } },
          stdout_bytes: 4,
          stdout_cut: 0,
          stderr_bytes: 4,
          stderr_cut: 0,
        });
        const hash =
          root.name === 'bash' ? null : createHash('sha256').update(script).digest('hex');
        expect(run.report['script_sha256']).toBe(hash);
        expect(Object.keys(run.report['usage'] as object).sort()).toEqual([...USAGE_FIELDS].sort());
        const { start_datetime: start, end_datetime: end } = run.report as Record<string, unknown>;
        // Times are told in seconds, perhaps.
        expect(Date.parse(String(start))).toBeGreaterThan(begun - 1_000);
        expect(Date.parse(String(start))).toBeLessThanOrEqual(Date.now());
        expect(Date.parse(String(end))).toBeGreaterThanOrEqual(Date.parse(String(start)));
      },
      { format },
    );
  });

  it('gives any two byte sequences back whole', async () => {
    await inEachRoot(async (root) => {
      await fc.assert(
        fc.asyncProperty(
          fc.array(fc.tuple(fc.boolean(), fc.uint8Array({ maxLength: 400 })), { maxLength: 8 }),
          fc.shuffledSubarray([...TROUBLE, ...TROUBLE]),
          async (some, trouble) => {
            const writes = [...some, [false, Uint8Array.from(trouble)] as const];
            const script = writes
              .map(([toErr, bytes]) => printBytes(bytes) + (toErr ? ' >&2' : ''))
              .join('\n');
            const run = await containers.run(root.folder, `#!/bin/sh\n${script}\n`, { format });
            const all = (which: boolean): Buffer =>
              Buffer.concat(writes.filter(([toErr]) => toErr === which).map(([, bytes]) => bytes));
            expect(run.stdout).toEqual(all(false));
            expect(run.stderr).toEqual(all(true));
          },
        ),
        { numRuns: 4, endOnFailure: true },
      );
    });
  });

  it('keeps much output of both streams at once whole', async () => {
    const data = [0, 1].map((seed) =>
      Buffer.from(
        fc.sample(fc.uint8Array({ minLength: 65_536, maxLength: 65_536 }), {
          seed,
          numRuns: 1,
        })[0]!,
      ),
    );
    const [out, err] = data.map((bytes) =>
      Buffer.concat(Array.from({ length: 48 }, () => bytes)),
    ) as [Buffer, Buffer];
    await writeFile(path.join(folder, 'out'), out);
    await writeFile(path.join(folder, 'err'), err);
    const mounts = ['out', 'err'].flatMap((name) => [
      '-v',
      `${path.join(folder, name)}:/data/${name}:ro`,
    ]);
    await inEachRoot(async (root) => {
      if (root.pump === 'sh') return;
      const run = await containers.run(root.folder, 'cat /data/out & cat /data/err >&2; wait\n', {
        format,
        arguments: mounts,
      });
      expect(run.stdout.equals(out)).toBe(true);
      expect(run.stderr.equals(err)).toBe(true);
    });
  });

  it('cuts what is too much, and says how much', async () => {
    const line = 'x'.repeat(999);
    const script = `i=0; while [ $i -lt 50 ]; do echo ${line}; echo ${line} >&2; i=$((i + 1)); done; echo end\n`;
    await inEachRoot(async (root) => {
      const run = await containers.run(root.folder, script, {
        format,
        environment: { AMUN_OUTPUT_LIMIT: '20000' },
      });
      const { report } = run as { report: Record<string, number> };
      expect(run.stdout.length).toBeLessThanOrEqual(20_000);
      expect(run.stdout.length).toBeGreaterThan(root.pump === 'sh' ? 15_000 : 19_999);
      expect(report['stdout_bytes']).toBe(run.stdout.length);
      expect(report['stdout_bytes']! + report['stdout_cut']!).toBe(50_004);
      expect(report['stderr_bytes']! + report['stderr_cut']!).toBe(50_000);
    });
  });

  it('passes output on while the script runs, and hands it a signal to stop', async () => {
    const script = 'trap "echo stopping; exit 9" TERM; printf ready; while :; do :; done\n';
    await inEachRoot(async (root) => {
      const run = await containers.run(root.folder, script, {
        format,
        whenReady: (signal) => signal('TERM'),
      });
      expect(run.stdout.toString()).toBe('readystopping\n');
      expect(run.report).toMatchObject({ exit_code: 9, stopped: true });
    });
  });
});

describeReal('a log that a cluster is to keep', () => {
  it('is not much larger than what the script wrote, however small its pieces', async () => {
    const count = 20_000;
    const script = `i=0; while [ $i -lt ${count} ]; do echo 1; i=$((i + 1)); done\n`;
    await runEverywhere(
      script,
      (run) => {
        expect(run.stdout.toString()).toBe('1\n'.repeat(count));
        // Raw it would be twenty times as large.
        expect(run.keptBytes).toBeLessThan(2 * 2 * count);
      },
      { format: 'lines' },
    );
  });
});

describeReal('entrypoint.sh in containers', () => {
  it('has complete figures of use where there is python3', async () => {
    const root = roots.find(({ name }) => name === 'python');
    if (root === undefined) return;
    const script = '#!/bin/env python3\nx = bytearray(50_000_000)\n';
    const { report, exitCode } = await containers.run(root.folder, script);
    expect(exitCode).toBe(0);
    const usage = report['usage'] as Record<string, number>;
    for (const field of USAGE_FIELDS) expect(usage[field]).toEqual(expect.any(Number));
    expect(usage['ru_maxrss']).toBeGreaterThan(50_000);
    const { python_version: version } = report['runtime_environment'] as Record<string, string>;
    expect(version).toMatch(/^3\.\d+$/);
  });

  it('kills a script that will not stop', async () => {
    await inEachRoot(async (root) => {
      const run = await containers.run(
        root.folder,
        'trap "" TERM; echo ready; while :; do :; done\n',
        {
          environment: { AMUN_STOP_TIMEOUT: '1' },
          whenReady: (signal) => signal('TERM'),
        },
      );
      expect(run.exitCode).toBe(137);
      expect(run.report).toMatchObject({ exit_code: 137, stopped: true });
    });
  });

  it('writes every key of hardware information, and embeds what it finds', async () => {
    await inEachRoot(async (root) => {
      const info = (await containers.describeHardware(root.folder)) as Record<string, object>;
      for (const [part, keys] of Object.entries(HWINFO_KEYS)) {
        expect(Object.keys(info[part]!).sort()).toEqual(keys.split(' ').sort());
      }
    });
    const file = path.join(folder, 'info.json');
    await writeFile(file, '{"cpu_info": {"model": 85}}\n');
    const mount = ['-v', `${file}:/home/amun/hwinfo/info.json:ro`];
    const run = await containers.run(roots[0]!.folder, 'true', { arguments: mount });
    expect(run.report['hwinfo']).toEqual({ cpu_info: { model: 85 } });
  });
});
