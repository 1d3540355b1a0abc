// What `npm test` needs on a fresh clone: dependencies, and a build of what is there now.
import { buildNow } from './ensure-built.js';
import { ensureDependencies } from './ensure-dependencies.js';

const say = (line) => console.error(line);
const ready = (await ensureDependencies(say)) && (await buildNow(say));
process.exitCode = ready ? 0 : 1;
