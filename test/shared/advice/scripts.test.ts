import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { requireTools } from '../../require-tools.js';
import { findShells } from '../run/shells.js';

const folder = mkdtempSync(join(tmpdir(), 'amun-advice-scripts-'));
const SCRIPTS = readdirSync('shared/advice').filter((name) => name.endsWith('.sh'));

afterAll(() => rmSync(folder, { recursive: true }));

requireTools(['shellcheck'])('shellcheck', () => {
  it.each(SCRIPTS)('finds nothing in %s', (name) => {
    const options = ['--external-sources', '--source-path=SCRIPTDIR', '--shell=sh'];
    const { stdout } = spawnSync('shellcheck', [...options, join('shared/advice', name)], {
      encoding: 'utf8',
    });
    expect(stdout).toBe('');
  });
});

describe.each(findShells(folder))('under $name', ({ command: [program, ...first] }) => {
  it.each(SCRIPTS)('%s has no syntax error', (name) => {
    const file = join('shared/advice', name);
    const { status, stderr } = spawnSync(program, [...first, '-n', file], { encoding: 'utf8' });
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  });
});
