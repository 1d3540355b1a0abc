import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { build } from 'esbuild';

const run = promisify(execFile);
const root = fileURLToPath(new URL('../..', import.meta.url));
const generated = join(root, 'shared/inspection/generated/validate-specification.js');

describe('scripts/generate.js', () => {
  test('leaves alone what is up to date', async () => {
    await run(process.execPath, [join(root, 'scripts/generate.js')]);
    const before = await stat(generated);
    await run(process.execPath, [join(root, 'scripts/generate.js')]);
    const after = await stat(generated);
    expect([after.ino, after.mtimeMs]).toEqual([before.ino, before.mtimeMs]);
  });

  test('makes a module that imports nothing', async () => {
    const text = await readFile(generated, 'utf8');
    expect(text).not.toMatch(/^\s*import\b/m);
    expect(text).not.toMatch(/=\s*require\(/);
  });

  test('makes a module that works in a CommonJS bundle away from its packages', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'amun-generate-'));
    try {
      const outfile = join(folder, 'bundle.cjs');
      await build({
        entryPoints: [join(root, 'shared/inspection/parse-specification.ts')],
        outfile,
        bundle: true,
        platform: 'node',
        format: 'cjs',
        logLevel: 'silent',
      });
      const main = join(folder, 'main.cjs');
      await writeFile(
        main,
        `const { parseSpecification } = require('./bundle.cjs');
         let details;
         try { parseSpecification({ base: 'x', identifier: '\u{1f600}'.repeat(31) }); } catch (error) { details = error.details; }
         console.log(JSON.stringify([parseSpecification({ base: 'fedora:40' }).batch_size, details.length]));`,
      );
      const { stdout } = await run(process.execPath, [main], { cwd: folder });
      expect(JSON.parse(stdout)).toEqual([1, 1]);
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});
