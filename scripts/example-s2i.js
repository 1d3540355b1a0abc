// `npm run example:s2i`: examples/s2i-tensorflow on this machine, with a stand-in for Thoth.
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { ensureDependencies } from './ensure-dependencies.js';
import { ROOT } from './root.js';

const USAGE = `npm run example:s2i -- [--tensorflow] [--quiet]

Builds examples/s2i-tensorflow with podman or docker, with a stand-in for Thoth that it asks for
advice, and runs the benchmark. Needs openssl, and an index of Python packages.
  --tensorflow  the Pipfile as it is; without, NumPy takes the place of TensorFlow
  --quiet       without the log of the builds`;

const say = (line) => console.log(line);

/** Aborted once somebody wants this to end. */
function stopped() {
  const controller = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
    process.on(name, () => {
      console.error('Ending …');
      controller.abort();
    });
  }
  return controller.signal;
}

/** Bundles the example's TypeScript and runs it; resolves to the exit code. */
async function runExample({ tensorflow, quiet }) {
  const { build } = await import('esbuild');
  const folder = join(ROOT, 'node_modules', '.amun-example', String(process.pid));
  const outfile = join(folder, 'run-example.mjs');
  mkdirSync(folder, { recursive: true });
  try {
    const entryPoints = [join(ROOT, 'test/s2i/run-example.ts')];
    const options = { bundle: true, platform: 'node', target: 'node20', format: 'esm' };
    await build({ ...options, entryPoints, outfile, packages: 'external', logLevel: 'error' });
    const example = await import(outfile);
    const listen = (text) => quiet || process.stderr.write(text);
    const watch = { listen, signal: stopped() };
    return await example.runExample({ root: ROOT, tensorflow, say, watch });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function main() {
  let values;
  try {
    const boolean = { type: 'boolean', default: false };
    ({ values } = parseArgs({ options: { tensorflow: boolean, quiet: boolean, help: boolean } }));
  } catch (error) {
    console.error(`${error.message}\n\n${USAGE}`);
    return 2;
  }
  if (values.help) {
    console.log(USAGE);
    return 0;
  }
  if (!(await ensureDependencies(console.error))) return 1;
  try {
    return await runExample(values);
  } catch (error) {
    console.error(error.message);
    return 1;
  }
}

process.exitCode = await main();
