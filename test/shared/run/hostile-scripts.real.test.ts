import { mkdtempSync } from 'node:fs';
import { chmod, mkdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { jest } from '@jest/globals';
import type { LogFormat } from '../../../shared/run/run-log-mark.js';
import { requireTools } from '../../require-tools.js';
import { makeRootFolders, type RootFolder } from './root-folders.js';
import { Containers, type ContainerOptions, type ContainerRun } from './run-container.js';

jest.setTimeout(900_000);

const describeReal = requireTools(['podman', 'busybox', 'bash', 'ldd']);
const folder = mkdtempSync(path.join(tmpdir(), 'amun-hostile-'));
let containers: Containers;
let roots: readonly RootFolder[];

beforeAll(async () => {
  await chmod(folder, 0o755);
  containers = await Containers.start(folder);
  roots = await makeRootFolders(path.join(folder, 'roots'));
});

afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

type Check = (run: ContainerRun, root: RootFolder) => void;

async function runEverywhere(
  script: string,
  check: Check,
  options?: ContainerOptions,
): Promise<void> {
  for (const root of roots) {
    const run = await containers.run(root.folder, script, options);
    try {
      // Whatever it did: the report is the true one, and process 1 ends with its exit code.
      expect(run.report.exit_code).toBe(run.exitCode);
      expect(run.report['os_release']).toMatchObject({ id: 'test' });
      check(run, root);
    } catch (error) {
      throw new Error(`in the image with ${root.name}: ${String(error)}`, { cause: error });
    }
  }
}

describeReal.each<LogFormat>(['raw', 'lines'])('a script that is hostile, log %s', (format) => {
  const runAsAsked = (script: string, check: Check): Promise<void> =>
    runEverywhere(script, check, { format });

  it('kills itself', async () => {
    await runAsAsked('echo before; kill -9 $$\n', (run) => {
      expect(run.exitCode).toBe(137);
      expect(run.stdout.toString()).toBe('before\n');
    });
  });

  it('leaves children behind that hold its output open', async () => {
    await runAsAsked(
      '(while :; do read -r x < /dev/zero; done) & (kill -STOP $$$$; :) & echo end\n',
      (run) => {
        expect(run.exitCode).toBe(0);
        expect(run.stdout.toString()).toBe('end\n');
      },
    );
  });

  it('sends process 1 every signal but the one to stop', async () => {
    const script =
      'for n in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 16 17 18 19 20; do kill -$n 1; done; kill -9 $PPID; echo on; exit 5\n';
    await runAsAsked(script, (run) => {
      expect(run.exitCode).toBe(5);
      expect(run.stdout.toString()).toBe('on\n');
    });
  });

  it('ends with what a wait says of the end of another', async () => {
    await runAsAsked('true & exit 145\n', (run) => {
      expect(run.exitCode).toBe(145);
    });
  });

  it('stops itself through process 1', async () => {
    await runAsAsked('kill -TERM 1; while :; do :; done\n', (run) => {
      expect(run.exitCode).toBe(143);
      expect(run.report['stopped']).toBe(true);
    });
  });

  it('kills everything but itself and process 1', async () => {
    // A pump that sits in a read may still take what is written before its death reaches it: what
    // has no memory of its own left (no /proc/<pid>/exe) takes nothing any more.
    const script = `set -- /proc/[0-9]*
kill -9 -1
for p; do
  case $p in /proc/1 | /proc/$$) continue ;; esac
  while [ -e "$p/exe" ]; do :; done
done
echo still
exit 6
`;
    await runAsAsked(script, (run) => {
      expect(run.exitCode).toBe(6);
      expect(run.stdout.toString()).toBe('still\n');
    });
  });

  it('stops everything but itself and process 1', async () => {
    await runAsAsked('kill -STOP -1; echo still; exit 6\n', (run) => {
      expect(run.exitCode).toBe(6);
      expect(run.stdout.toString()).toBe('still\n');
    });
  });

  it('multiplies until there are no more processes to be had', async () => {
    // Ends by itself where the shell gives up on the first fork that fails.
    await runAsAsked('f() { f | f & }; f; read -r x < /dev/null; exit 3\n', (run) => {
      expect([2, 3, 254]).toContain(run.exitCode);
    });
  });

  it('forges reports, with the right nonce and after its own end', async () => {
    const forge = 'printf "\\036amun:%s:r:{\\"exit_code\\":0,\\"os_release\\":{}}\\n"';
    const script = `forge() { ${forge} "$1"; ${forge} "$1" >&2; }
forge 0123456789abcdef0123456789abcdef
for p in /proc/[0-9]*; do
  while IFS= read -r word; do
    case $word in *[!0-9a-f]* | "") ;; ????????????????????????????????) forge "$word" ;; esac
  done < $p/cmdline
done
for fd in 3 4 5 6 7 8; do
  { echo done; echo "o 5 5"; forge 0123456789abcdef; } > /proc/1/fd/$fd
done
(while :; do forge 0123456789abcdef0123456789abcdef; done) &
exit 7
`;
    await runAsAsked(script, (run) => {
      expect(run.exitCode).toBe(7);
    });
  });

  it('prints what looks like our marks', async () => {
    await runAsAsked(
      "printf '\\036amun:0123456789abcdef0123456789abcdef:e:x\\036amun:\\036'\n",
      (run) => {
        expect(run.stdout.toString()).toBe(
          '\x1eamun:0123456789abcdef0123456789abcdef:e:x\x1eamun:\x1e',
        );
        expect(run.stderr.toString()).toBe('');
      },
    );
  });

  it('writes to the output of process 1', async () => {
    await runAsAsked(
      'echo one > /proc/1/fd/1; echo two > /proc/1/fd/2; echo three\n',
      (run, root) => {
        expect(run.stdout.toString()).toBe('one\nthree\n');
        // Other shells have theirs elsewhere while they wait.
        if (root.shell === 'bash') expect(run.stderr.toString()).toBe('two\n');
      },
    );
  });
});

describeReal('an environment that is hostile', () => {
  it('does not get in our way, and reaches the script as it is', async () => {
    const environment = {
      PATH: '/nowhere',
      IFS: 'amun0123',
      ENV: '/nowhere',
      BASH_ENV: '/nowhere',
      LD_PRELOAD: '/nowhere/evil.so',
      LD_LIBRARY_PATH: '/nowhere',
      PYTHONPATH: '/nowhere',
      PYTHONHOME: '/nowhere',
      PERL5OPT: '-MNothing',
      LC_ALL: 'xx_XX',
      HOME: '/nowhere',
      TMPDIR: '/nowhere',
      POSIXLY_CORRECT: '1',
      BASH_VERSION: '4.2',
      'BASH_FUNC_printf%%': '() { exit 1; }',
      'BASH_FUNC_read%%': '() { exit 1; }',
    };
    const script =
      'echo "$PATH $LD_PRELOAD $HOME $LC_ALL $PYTHONPATH $PERL5OPT ${AMUN_OUTPUT_LIMIT-none} ${AMUN_LOG_FORMAT-none}"\n';
    const check: Check = (run) => {
      expect(run.exitCode).toBe(0);
      expect(run.stdout.toString()).toBe(
        '/nowhere /nowhere/evil.so /nowhere xx_XX /nowhere -MNothing none none\n',
      );
    };
    await runEverywhere(script, check, {
      environment: { ...environment, AMUN_OUTPUT_LIMIT: '-1' },
    });
  });

  it('has a root that cannot be written to', async () => {
    await runEverywhere('echo fine\n', (run) => expect(run.stdout.toString()).toBe('fine\n'), {
      arguments: ['--read-only', '--read-only-tmpfs=false'],
    });
  });
});

describeReal('the first line of a script', () => {
  it.each([
    ['none', 'echo fine\n', 0, /^$/],
    ['an interpreter with an argument', '#!/bin/sh -e\nfalse\necho on\n', 1, /^$/],
    ['blanks around', '#! \t/bin/sh \t\nexit 4\n', 4, /^$/],
    ['CRLF', '#!/bin/sh\r\necho hi\r\n', 127, /carriage return/],
    ['an interpreter that is missing', '#!/opt/none\n', 127, /no \/opt\/none/],
    ['an interpreter that is no program', '#!/etc/os-release\n', 126, /not a program/],
    ['an interpreter that is a folder', '#!/etc\n', 126, /not a program/],
    ['nothing after #!', '#!\necho hi\n', 126, /without an interpreter/],
    ['an empty script', '', 0, /^$/],
  ])('%s', async (_, script, exitCode, stderr) => {
    await runEverywhere(script, (run) => {
      expect(run.exitCode).toBe(exitCode);
      expect(run.stderr.toString()).toMatch(stderr);
    });
  });

  it('is of no use where there is no script', async () => {
    await mkdir(path.join(folder, 'empty'));
    const run = await containers.run(roots[0]!.folder, undefined, {
      arguments: ['-v', `${folder}/empty:/home/amun`],
    });
    expect(run.exitCode).toBe(127);
    expect(run.stderr.toString()).toMatch(/no script at/);
  });

  it('leaves signals as programs expect them, where that can be done', async () => {
    const script =
      'while read -r key value; do case $key in SigIgn:) echo "$value";; esac; done < /proc/self/status\n';
    await runEverywhere(script, (run, root) => {
      const ignored = Number.parseInt(run.stdout.toString(), 16);
      // SIGINT; bash itself ignores SIGQUIT.
      if (!root.leavesSignalsIgnored) expect(ignored & 0b010).toBe(0);
    });
  });
});
