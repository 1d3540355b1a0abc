import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { ENTRYPOINT_SCRIPT } from '../../../shared/run/entrypoint-script.js';
import { HWINFO_SCRIPT } from '../../../shared/run/hwinfo-script.js';
import { requireTools } from '../../require-tools.js';
import { findShells } from './shells.js';

const folder = mkdtempSync(path.join(tmpdir(), 'amun-scripts-'));
const shells = findShells(path.join(folder, 'shells'));
const scripts = [
  ['entrypoint.sh', ENTRYPOINT_SCRIPT],
  ['hwinfo.sh', HWINFO_SCRIPT],
] as const;

afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

requireTools(['shellcheck'])('shellcheck', () => {
  it.each(scripts)('finds nothing in %s', (name, text) => {
    const file = path.join(folder, name);
    writeFileSync(file, text);
    // SC2317: it takes what only a trap calls for unreachable.
    const { stdout } = spawnSync('shellcheck', ['-s', 'sh', '-e', 'SC2317', file], {
      encoding: 'utf8',
    });
    expect(stdout).toBe('');
  });
});

describe.each(shells)('under $name', ({ command: [program, ...first] }) => {
  it.each(scripts)('%s has no syntax error', (name, text) => {
    const file = path.join(folder, name);
    writeFileSync(file, text);
    const { status, stderr } = spawnSync(program, [...first, '-n', file], { encoding: 'utf8' });
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  });

  it('refuses to be anything but process 1, since it ends all others', () => {
    const file = path.join(folder, 'entrypoint.sh');
    writeFileSync(file, ENTRYPOINT_SCRIPT);
    const { status, stderr } = spawnSync(program, [...first, file], { encoding: 'utf8' });
    expect(status).toBe(125);
    expect(stderr).toMatch(/process 1/);
  });

  it('tells the time as calendars do', () => {
    const parts = ['preamble.sh', 'entrypoint/clock.sh'].map((name) =>
      readFileSync(path.join('shared/run', name), 'utf8'),
    );
    const times = [
      0, 951_782_399.99, 951_782_400, 1_709_164_800.08, 1_735_689_599.09, 4_107_542_400,
    ];
    const calls = times.map(
      (time) => `amun_offset=${Math.round(time * 100)}; amun_tell_time; echo "$amun_now"`,
    );
    const script = [...parts, 'amun_read_uptime() { amun_uptime=0; }', ...calls].join('\n');
    const said = execFileSync(program, [...first, '-c', script], { encoding: 'utf8' });
    expect(said.trim().split('\n')).toEqual(
      times.map((time) => new Date(Math.round(time * 1000)).toISOString()),
    );
  });
});
