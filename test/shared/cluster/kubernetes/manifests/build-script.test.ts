import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { requireTools } from '../../../../require-tools.js';
import { findShells } from '../../../run/shells.js';

const SCRIPT = path.resolve('shared/cluster/kubernetes/manifests/build.sh');
const DIGEST = `sha256:${'5'.repeat(64)}`;
const REFUSED =
  'error: failed to solve: failed to push host/amun:1: errors:\nunknown: blob unknown';

const folder = mkdtempSync(path.join(tmpdir(), 'amun-build-script-'));
const shells = findShells(path.join(folder, 'shells'));
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

requireTools(['shellcheck'])('shellcheck', () => {
  it('finds nothing', () => {
    const { stdout } = spawnSync('shellcheck', ['-e', 'SC2317', SCRIPT], { encoding: 'utf8' });
    expect(stdout).toBe('');
  });
});

describe.each(shells)('the script of a build, under $name', ({ command: [program, ...first] }) => {
  let place: string;
  beforeEach(() => {
    place = mkdtempSync(path.join(folder, 'place-'));
  });

  /** Puts a buildctl there of which each attempt does the next of these, and the last one goes on. */
  function play(...attempts: string[]): void {
    const cases = attempts.map((what, index) => `${index + 1}) ${what};;`).join('\n');
    const text = `#!/bin/sh
      echo "$*" >>"${place}/asked"
      n=$(wc -l <"${place}/asked")
      [ "$n" -le ${attempts.length} ] || n=${attempts.length}
      for last; do :; done
      metadata=\${last#--metadata-file=}
      case $n in
      ${cases}
      esac
    `;
    putProgram('buildctl-daemonless.sh', text);
    // The pauses between attempts are what the tests need not wait for.
    putProgram('sleep', '#!/bin/sh\nexec /bin/sleep 0.05\n');
  }

  function putProgram(name: string, text: string): void {
    writeFileSync(path.join(place, name), text);
    chmodSync(path.join(place, name), 0o755);
  }

  const fails = (words: string): string => `echo '${words}' >&2; exit 1`;
  const pushes = `echo '{ "containerimage.digest": "${DIGEST}" }' >"$metadata"; echo pushed >&2`;

  function start() {
    const environment = {
      PATH: `${place}:${process.env['PATH'] ?? ''}`,
      TMPDIR: place,
      AMUN_MESSAGE_FILE: path.join(place, 'message'),
    };
    return spawn(program, [...first, SCRIPT, 'build', 'a b'], { env: environment });
  }

  async function run() {
    const child = start();
    let said = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => (said += text));
    const [code] = (await once(child, 'close')) as [number];
    return { code, said, asked: asked(), message: read('message') };
  }

  function read(name: string): string | undefined {
    try {
      return readFileSync(path.join(place, name), 'utf8');
    } catch {
      return undefined;
    }
  }

  function asked(): string[] {
    return (read('asked') ?? '').split('\n').filter((line) => line !== '');
  }

  it('leaves the digest of what was pushed', async () => {
    play(pushes);
    expect(await run()).toEqual({
      ...{ code: 0, said: 'pushed\n', message: `${DIGEST}\n` },
      asked: [expect.stringMatching(/^build a b --metadata-file=/)],
    });
  });

  it('tells of a step that failed once, with its exit code and words', async () => {
    play(`echo '#5 0.1 ${REFUSED}' >&2; exit 7`);
    const { code, said, asked: all, message } = await run();
    expect({ code, message }).toEqual({ code: 7, message: undefined });
    expect(said).toBe(`#5 0.1 ${REFUSED}\n`);
    expect(all).toHaveLength(1);
  });

  it('pushes again what the registry refused', async () => {
    play(fails(REFUSED), pushes);
    const { code, said, asked: all, message } = await run();
    expect({ code, message }).toEqual({ code: 0, message: `${DIGEST}\n` });
    expect(said).toContain(`${REFUSED}\namun: the registry did not take the image`);
    expect(all).toHaveLength(2);
    expect(all[1]).toBe(all[0]);
  });

  it('gives up in the end', async () => {
    play(fails(REFUSED));
    const { code, asked: all, message } = await run();
    expect({ code, message, attempts: all.length }).toEqual({
      ...{ code: 1, message: undefined, attempts: 3 },
    });
  });

  it('ends the build on a signal, and does not begin another', async () => {
    play(`trap 'echo "${REFUSED}" >&2; exit 143' TERM; echo up >&2; while :; do sleep 0.1; done`);
    const child = start();
    await once(child.stderr, 'data');
    child.kill('SIGTERM');
    expect(await once(child, 'close')).toEqual([143, null]);
    expect(asked()).toHaveLength(1);
  });
});
