// What the generators share: files that say what they were made from, written whole or not at all.
import { createHash } from 'node:crypto';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';

/** The first line of what is made from these texts. */
export function stampOf(texts) {
  return `// ${createHash('sha256').update(JSON.stringify(texts)).digest('hex')}`;
}

/** True where all of the files bear the stamp. */
export async function areCurrent(files, stamp) {
  const checks = await Promise.all(files.map((file) => startsWith(file, `${stamp}\n`)));
  return checks.every(Boolean);
}

async function startsWith(file, text) {
  try {
    return (await readFile(file, 'utf8')).startsWith(text);
  } catch {
    return false;
  }
}

/** Written whole or not at all, so that two builds at once do no harm. */
export async function replaceFile(file, text) {
  const draft = `${file}.${process.pid}`;
  await mkdir(dirname(file), { recursive: true });
  await writeFile(draft, text);
  await rename(draft, file);
}

/** ajv's standalone code as a module of its own: ajv leaves calls of its runtime inside, which are taken in. */
export async function bundleCode(source, name, folder) {
  const { build } = await import('esbuild');
  const bundle = await build({
    stdin: { contents: source, resolveDir: folder, sourcefile: name },
    bundle: true,
    format: 'esm',
    platform: 'neutral',
    mainFields: ['main'],
    target: 'node20',
    minifySyntax: true,
    write: false,
    logLevel: 'warning',
  });
  return bundle.outputFiles[0].text;
}
