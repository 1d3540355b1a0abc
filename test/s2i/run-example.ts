import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseAdviceLog } from '../../shared/advice/parse-advice-log.js';
import { describeEngine, type Engine } from '../../shared/cluster/local/engine/engine.js';
import { startStandIn } from '../thoth/start-stand-in.js';
import { buildApplication, removeImage, runApplication } from './build-application.js';
import { ensureBuilderImage } from './builder-image.js';
import { openEngine, type Watch } from './open-engine.js';
import { copyExample, recommend } from './small-stack.js';

export interface ExampleOptions {
  /** The checkout. */
  readonly root: string;
  /** The Pipfile as it is, instead of a small set of packages. */
  readonly tensorflow: boolean;
  /** Takes lines that tell how far it is. */
  readonly say: (line: string) => void;
  /** Takes the logs of the builds, and may end the whole early. */
  readonly watch: Watch;
}

/** As shells say it of a command that Ctrl-C has ended. */
const INTERRUPTED = 130;

/**
 * The s2i example on this machine: a stand-in for Thoth, a build that asks it, a run of what was
 * built. Resolves to the exit code. Leaves the builder image behind, for the next time.
 */
export async function runExample(options: ExampleOptions): Promise<number> {
  const folder = await mkdtemp(join(tmpdir(), 'amun-example-'));
  const started = await startStandIn();
  let image: string | undefined;
  let engine: Engine | undefined;
  try {
    engine = await openEngine(folder);
    const { root, tensorflow, say, watch } = options;
    say(`Making the builder image with ${describeEngine(engine)} …`);
    const builder = await ensureBuilderImage(engine, join(root, 'test/s2i/builder'), watch);
    const source = join(folder, 'source');
    await copyExample(root, source, tensorflow);
    const stack = await recommend(root, tensorflow);
    started.thoth.answer = () => ({ kind: 'advice', stack, polls: 1 });
    say(`Building the application; the stand-in for Thoth listens on ${started.host} …`);
    const { certificate } = started;
    const environment = { THOTH_HOST: started.host, THAMOS_DEBUG: '1' };
    const build = { engine, builder, source, environment, certificate, watch };
    const built = await buildApplication(build);
    if (isEnding(watch)) return INTERRUPTED;
    if (built.code !== 0) {
      say(`The build failed: ${parseAdviceLog(built.log)?.reason ?? 'its log stands above'}`);
      return 1;
    }
    image = built.image;
    tellAdvice(built.log, say);
    say('Running the benchmark …');
    const library = { BENCHMARK_LIBRARY: tensorflow ? 'tensorflow' : 'numpy' };
    const run = await runApplication(engine, image, library, watch);
    if (isEnding(watch)) return INTERRUPTED;
    say(run.code === 0 ? `It measured:\n${run.stdout.trim()}` : `It failed:\n${run.log.trim()}`);
    return run.code === 0 ? 0 : 1;
  } finally {
    if (engine !== undefined && image !== undefined) await removeImage(engine, image);
    await started.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

function isEnding({ signal }: Watch): boolean {
  return signal?.aborted === true;
}

function tellAdvice(log: string, say: ExampleOptions['say']): void {
  const report = parseAdviceLog(log);
  if (report === undefined) return;
  say(`Thoth's advice (${report.analysisId ?? 'no analysis'}): ${report.outcome}`);
  for (const { type, message } of [...report.stackInfo, ...report.justification]) {
    say(`  ${type} ${message}`);
  }
  for (const { package: name, from, to } of report.changes) {
    say(`  ${name} ${to ?? 'not at all'} instead of ${from ?? 'none'}`);
  }
}
