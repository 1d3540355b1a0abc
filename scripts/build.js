// Bundles each function, service and the CLI to one CommonJS file under dist/, and the client for others.
import { chmod, copyFile, mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { apart, placeApart } from './build-apart.js';
import { buildClient } from './build-client.js';
import { generate } from './generate.js';
import { ROOT as root } from './root.js';

const dist = join(root, 'dist');
/** Built here and put in place whole: a stack that runs meanwhile finds its programs. */
const out = join(root, 'node_modules', '.amun-build', String(process.pid));

/** The one that users start by its name: npm links it as `amun`. */
const COMMAND = 'cli/amun';

/** Entry points by their place under dist/, found by the folders themselves. */
async function entryPoints() {
  const entries = { [COMMAND]: join(root, 'cli/amun.ts') };
  for (const name of await readdir(join(root, 'functions'))) {
    const entry = join(root, 'functions', name, 'handler.ts');
    if (existsSync(entry)) entries[`functions/${name}/handler`] = entry;
  }
  for (const name of await readdir(join(root, 'services'))) {
    const entry = join(root, 'services', name, 'main.ts');
    if (existsSync(entry)) entries[`services/${name}`] = entry;
  }
  return Object.fromEntries(Object.entries(entries).filter(([, file]) => existsSync(file)));
}

await generate();
const entries = await entryPoints();
const options = {
  outdir: out,
  bundle: true,
  platform: 'node',
  target: 'node20',
  format: 'cjs',
  loader: { '.sh': 'text', '.py': 'text' },
  plugins: [apart],
  metafile: true,
  legalComments: 'none',
  logLevel: 'warning',
};
const pick = (fits) => Object.fromEntries(Object.entries(entries).filter(([name]) => fits(name)));
const services = await build({
  ...options,
  entryPoints: pick((name) => name.startsWith('services/')),
});
// The official template requires the handler itself, not a module that has one.
const footer = { js: 'module.exports = module.exports.default;' };
const functions = await build({
  ...options,
  entryPoints: pick((name) => name.startsWith('functions/')),
  footer,
});
const banner = { js: '#!/usr/bin/env node' };
const command = await build({
  ...options,
  entryPoints: pick((name) => name === COMMAND),
  banner,
});
await placeApart(out, [services, functions, command], options);
await chmod(join(out, `${COMMAND}.js`), 0o755);
// What the gateway serves at /api/v1/ui.
const ui = join(out, 'services', 'swagger-ui');
await mkdir(ui, { recursive: true });
for (const name of ['swagger-ui.css', 'swagger-ui-bundle.js', 'LICENSE', 'NOTICE']) {
  await copyFile(join(root, 'node_modules/swagger-ui-dist', name), join(ui, name));
}
await buildClient(join(out, 'client'));
await writeFile(join(out, 'package.json'), '{ "type": "commonjs" }\n');
for (const name of Object.keys(entries).filter((entry) => entry.startsWith('functions/'))) {
  // The official template copies this beside the handler and installs what it names: nothing.
  const folder = join(out, name, '..');
  const manifest = {
    name: name.split('/')[1],
    version: '1.0.0',
    private: true,
    main: 'handler.js',
    // The template's image build runs npm test; ours ran before the bundle was made.
    scripts: { test: 'exit 0' },
  };
  await writeFile(join(folder, 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`);
}
await rm(dist, { recursive: true, force: true });
await rename(out, dist);
