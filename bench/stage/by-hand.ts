import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { callEngine, commandLine } from '../../shared/cluster/local/engine/call-engine.js';
import type { Engine } from '../../shared/cluster/local/engine/engine.js';
import { layoutOf } from '../../shared/cluster/local/layout.js';
import { storeJob } from '../../shared/cluster/local/request-file.js';
import { parseSpecification } from '../../shared/inspection/parse-specification.js';
import { planRun } from '../../shared/run/plan-run.js';
import { runArguments } from '../../services/local-cluster/runs/run-arguments.js';
import { timeOnce } from '../measure/rounds.js';
import { makeTemporaryFolder } from './temporary-folder.js';

/** Runs an image as somebody would who has no Amun; each call is one container, removed after. */
export interface ByHand {
  /** `podman run IMAGE` with a shell line; milliseconds until it has ended. */
  runPlain(line: string, cores?: string): Promise<number>;
  /** The container that Amun makes for the specification, word for word. */
  runAlike(): Promise<number>;
  close(): Promise<void>;
}

const OUTPUT_LIMIT_BYTES = 8 * 1024 * 1024;
const TIMEOUT_SECONDS = 600;

/** Prepares what containers by hand mount. */
export async function prepareByHand(
  engine: Engine,
  image: string,
  specification: object,
): Promise<ByHand> {
  const folder = await makeTemporaryFolder();
  const layout = layoutOf(folder.path);
  const parsed = parseSpecification(specification);
  const request = {
    id: 'by-hand',
    image,
    batchSize: 1,
    ...planRun(parsed, { outputBytes: OUTPUT_LIMIT_BYTES }),
    requests: parsed.run.requests,
    timeoutSeconds: TIMEOUT_SECONDS,
  };
  await storeJob(layout, request);
  const jobFolder = join(layout.root, 'jobs', request.id);
  const job = { ...request, requestedAt: new Date().toISOString() };
  let counter = 0;
  const run = async (argumentsOf: (name: string) => readonly string[]): Promise<number> => {
    counter += 1;
    const name = `amun-bench-${layout.stack}-${counter}`;
    const args = ['run', '--http-proxy=false', ...argumentsOf(name)];
    const time = await timeOnce(() => spawnQuietly(engine, args));
    await callEngine(engine, ['rm', '--force', name]);
    return time;
  };
  return {
    runPlain: (line, cores) =>
      run((name) => {
        const settings = ['--name', name, '--network', engine.runNetwork, '--pull', 'never'];
        const limits = cores === undefined || !engine.hasLimits ? [] : ['--cpus', cores];
        return [...settings, ...limits, '--entrypoint', '/bin/sh', image, '-c', line];
      }),
    runAlike: () =>
      run((name) => {
        const plan = { job, item: 0, attempt: 1, name, folder: folder.path, jobFolder };
        return runArguments(engine, { environment: {} }, `amun-bench=${layout.stack}`, plan);
      }),
    close: () => folder.close(),
  };
}

/** Throws where it ends otherwise than well. What it prints goes to /dev/null. */
function spawnQuietly(engine: Engine, args: readonly string[]): Promise<void> {
  const [program = '', ...rest] = commandLine(engine, args);
  return new Promise((resolve, reject) => {
    const child = spawn(program, rest, { stdio: ['ignore', 'ignore', 'pipe'] });
    let said = '';
    child.stderr
      .setEncoding('utf8')
      .on('data', (text: string) => (said = (said + text).slice(-2000)));
    child.on('error', reject);
    child.on('close', (code) => {
      if (code === 0) resolve();
      else reject(new Error(`${engine.name} run ended with ${String(code)}: ${said}`));
    });
  });
}
