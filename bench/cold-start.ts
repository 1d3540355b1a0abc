import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { get } from 'node:http';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { findFreePorts } from '../cli/up/free-ports.js';
import { FUNCTIONS } from '../cli/up/plan-stack.js';
import type { Bench } from './bench.js';
import { compare } from './measure/compare.js';
import type { Figure, Goal } from './measure/figure.js';
import { cpuMilliseconds } from './measure/process-usage.js';
import { takeTurns, type Rounds, type Side } from './measure/rounds.js';
import { median } from './measure/statistics.js';
import { using } from './stage/cleanup.js';
import { EMPTY_SERVER } from './stage/empty-server.js';
import { FUNCTION_HOST, handlerOf } from './stage/programs.js';
import { startPart, type StackPart } from './stage/stack-part.js';

const TURNS = { rounds: 6, seconds: 50 };
const STARTS = 4;
const RETRY_MS = 3;
const GIVE_UP_MS = 30_000;
const EMPTY = 'empty node server';
/** Health says nothing of the store, to which a function connects at its first call. */
const FIRST_LIST = 'status to its first list';
const GOAL: Goal = { of: 'ratio', bound: 'at most', limit: 2.5 };

/** One start of a process up to its first answer, milliseconds. */
interface Start {
  readonly wall: number;
  /** On all cores together; other work on the machine lengthens it little. */
  readonly cpu: number;
}

/** How long each function takes from the start of its process to its first answer. */
export const coldStart: Bench = {
  name: 'cold-start',
  about: 'from the start of a function’s process to its first answer',
  needsEngine: false,
  run: () => using(() => startPart([]), measure),
};

async function measure(part: StackPart): Promise<Figure[]> {
  const cpu: Record<string, number[][]> = {};
  const side = (name: string, args: readonly string[], path: string): [string, Side] => [
    name,
    async () => {
      const starts: Start[] = [];
      for (let start = 0; start < STARTS; start += 1) {
        starts.push(await startOnce(part, args, path));
      }
      (cpu[name] ??= []).push(starts.map((start) => start.cpu));
      return starts.map((start) => start.wall);
    },
  ];
  const wall = await takeTurns(
    TURNS,
    Object.fromEntries([
      side(EMPTY, ['-e', EMPTY_SERVER], '/'),
      side(FIRST_LIST, programOf('status'), '/inspect?limit=1'),
      ...FUNCTIONS.map((name) => side(name, programOf(name), '/_/health')),
    ]),
  );
  return Object.keys(wall)
    .filter((name) => name !== EMPTY)
    .flatMap((name) => [
      figure(`cold start, ${name}, median`, name, wall),
      figure(`cold start, ${name}, CPU time, median`, name, cpu),
    ]);
}

function figure(what: string, name: string, taken: Readonly<Record<string, Rounds>>): Figure {
  return compare({
    what,
    unit: 'ms',
    statistic: median,
    subject: taken[name] ?? [],
    floor: { what: EMPTY, rounds: taken[EMPTY] ?? [] },
    ...(name === FIRST_LIST ? {} : { goal: GOAL }),
  });
}

function programOf(name: string): string[] {
  return [FUNCTION_HOST, handlerOf(name)];
}

/** Starts a program, waits for its answer, and ends it. */
async function startOnce(part: StackPart, args: readonly string[], path: string): Promise<Start> {
  const [port = 0] = await findFreePorts(1);
  const started = performance.now();
  const child = spawn(process.execPath, [...args, String(port)], {
    stdio: 'ignore',
    env: {
      ...process.env,
      AMUN_DIR: part.directory,
      AMUN_NATS_URL: part.nats.url,
      AMUN_NATS_TOKEN: part.nats.token,
      AMUN_LISTEN_PORT: String(port),
    },
  });
  const ended = once(child, 'exit');
  try {
    while (!(await listens(port))) {
      if (performance.now() - started > GIVE_UP_MS) throw new Error(`${path} is not answered.`);
      await sleep(RETRY_MS);
    }
    await askOnce(port, path);
    return { wall: performance.now() - started, cpu: cpuMilliseconds(child.pid ?? 0) };
  } finally {
    child.kill('SIGKILL');
    await ended;
  }
}

/** Cheaper than a request, since it takes time from the process that starts. */
function listens(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.destroy();
      resolve(true);
    });
    socket.on('error', () => resolve(false));
  });
}

function askOnce(port: number, path: string): Promise<void> {
  return new Promise((resolve, reject) => {
    get({ host: '127.0.0.1', port, path, agent: false }, (response) => {
      response.resume();
      if (response.statusCode === 200) resolve();
      else reject(new Error(`${path} answered ${String(response.statusCode)}.`));
    }).on('error', reject);
  });
}
