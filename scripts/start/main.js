import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { ensureBuilt } from '../ensure-built.js';
import { ensureDependencies } from '../ensure-dependencies.js';
import { ROOT } from '../root.js';
import { chooseBase, EXAMPLE } from './choose-base.js';
import { ensurePrograms } from './ensure-programs.js';
import { readOptions, USAGE } from './options.js';
import { runExample } from './run-example.js';
import { Service } from './run-service.js';

const say = (line) => console.error(line);

/** From a fresh clone to a result: resolves to the exit code. */
export async function start(words) {
  let options;
  try {
    options = readOptions(words);
  } catch (error) {
    say(`${error.message}\n\n${USAGE}`);
    return 2;
  }
  if (options.help) {
    console.log(USAGE);
    return 0;
  }
  options.dir = resolve(ROOT, options.dir);
  try {
    if (!(await ensureDependencies(say)) || !(await ensureBuilt(say))) return 1;
    // There from the start, so that what is found out about the container engine is kept.
    mkdirSync(options.dir, { recursive: true, mode: 0o700 });
    const diagnosis = await ensurePrograms(options, say);
    if (diagnosis === undefined) return 1;
    const base = await chooseBase(options, diagnosis, say);
    return await serve(options, base);
  } catch (error) {
    say(error.message);
    return 1;
  }
}

/** Starts the service, runs the example, and waits for the end. */
async function serve(options, base) {
  say('Starting the service …');
  const service = new Service(options);
  let ending = false;
  const end = () => {
    ending = true;
    service.end();
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, end);
  const url = await service.whenReady();
  // It has said why.
  if (url === undefined) return await service.whenGone();
  say(`Running ${EXAMPLE}${base === undefined ? '' : ` on ${base}`} …`);
  const { code, id, output } = await runExample(url, base);
  if (output !== '') console.log(`\nThe script printed:\n${output.trimEnd()}`);
  if (options.once) {
    end();
    return (await service.whenGone()) || code;
  }
  if (!ending) console.log(`\n${describe(options, url, base, id)}`);
  const exitCode = await service.whenGone();
  if (!ending) say(`The service ended by itself; its logs are in ${join(options.dir, 'logs')}.`);
  return exitCode;
}

function describe({ dir }, url, base, id) {
  const elsewhere = url === 'http://127.0.0.1:8080' ? '' : `AMUN_URL=${url} `;
  const chosen = base === undefined ? '' : ` --base ${base}`;
  return `ready on ${url}
  API      ${url}/api/v1
  state    ${dir}
  logs     ${join(dir, 'logs')}
Try in a second terminal:
  ${elsewhere}npx amun results ${id}
  ${elsewhere}npx amun inspect examples/batch.yaml${chosen}
  ${elsewhere}npx amun events
Ctrl-C ends everything.`;
}
