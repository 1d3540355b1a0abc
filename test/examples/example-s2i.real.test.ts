import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { requireTools } from '../require-tools.js';
import { withThamos } from '../thoth/require-thamos.js';

const run = promisify(execFile);
const needed = ['podman', 'debootstrap', 'busybox', 'flock', 'openssl'];

requireTools(needed, withThamos)('npm run example:s2i', () => {
  it('prints what was advised and what the benchmark measured, and leaves no image of it', async () => {
    const { stdout } = await run('npm', ['run', '--silent', 'example:s2i', '--', '--quiet'], {
      maxBuffer: 64 * 1024 * 1024,
    });
    expect(stdout).toMatch(/^Thoth's advice \(adviser-\S+\): taken$/m);
    expect(stdout).toContain('  numpy 1.26.4 instead of 1.26.3\n');
    const measured: unknown = JSON.parse(stdout.trim().split('\n').at(-1) ?? '');
    expect(measured).toMatchObject({ library: 'numpy', version: '1.26.4' });
  }, 900_000);

  it('explains itself, and refuses what it does not know', async () => {
    const help = await run('npm', ['run', '--silent', 'example:s2i', '--', '--help']);
    expect(help.stdout).toContain('--tensorflow');
    const refused = run('npm', ['run', '--silent', 'example:s2i', '--', '--nonsense']);
    await expect(refused).rejects.toMatchObject({ code: 2 });
  });
});
