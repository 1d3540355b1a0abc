// Makes what `import … from 'amun/client'` finds: one module, and the declarations it needs.
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import ts from 'typescript';
import { ROOT as root } from './root.js';

const ENTRY = join(root, 'client/package-entry.ts');

/** Writes client.js and, under types/, declarations as they lie in the sources, into `folder`. */
export async function buildClient(folder) {
  await build({
    entryPoints: [ENTRY],
    outfile: join(folder, 'client.js'),
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'esm',
    legalComments: 'none',
    logLevel: 'warning',
  });
  await writeFile(join(folder, 'package.json'), '{ "type": "module" }\n');
  const seen = new Set([ENTRY]);
  // What is found meanwhile is looked at as well.
  for (const file of seen) {
    const { name, text } = await declarationsOf(file);
    const target = join(folder, 'types', relative(root, name));
    await mkdir(dirname(target), { recursive: true });
    await writeFile(target, text);
    for (const imported of relativeImportsOf(text)) seen.add(sourceOf(file, imported));
  }
}

/** From each file for itself, without a look at the others: that takes no time. */
async function declarationsOf(file) {
  const source = await readFile(file, 'utf8');
  if (file.endsWith('.d.ts')) return { name: file, text: source };
  const { outputText, diagnostics } = ts.transpileDeclaration(source, {
    fileName: file,
    reportDiagnostics: true,
    compilerOptions: { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.NodeNext },
  });
  for (const { messageText } of diagnostics ?? []) {
    throw new Error(`${file}: ${ts.flattenDiagnosticMessageText(messageText, '\n')}`);
  }
  return { name: file.replace(/\.ts$/, '.d.ts'), text: outputText };
}

function relativeImportsOf(text) {
  const names = ts.preProcessFile(text).importedFiles.map(({ fileName }) => fileName);
  const foreign = names.find((name) => !name.startsWith('.'));
  if (foreign === undefined) return names;
  throw new Error(`The client's declarations need ${foreign}, which its users may not have.`);
}

function sourceOf(importer, imported) {
  const stem = join(dirname(importer), imported.replace(/\.js$/, ''));
  const written = `${stem}.ts`;
  return ts.sys.fileExists(written) ? written : `${stem}.d.ts`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await buildClient(process.argv[2]);
