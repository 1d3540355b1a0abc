import { parseRunLog } from '../shared/run/parse-run-log.js';
import { runLogKey } from '../shared/lifecycle/artifact-keys.js';
import { createJetStreamStore } from '../shared/store/jetstream-store.js';
import type { Bench } from './bench.js';
import { compare } from './measure/compare.js';
import type { Figure } from './measure/figure.js';
import { takeTurns, timeEach, type Side } from './measure/rounds.js';
import { median } from './measure/statistics.js';
import { prepareByHand, type ByHand } from './stage/by-hand.js';
import { using } from './stage/cleanup.js';
import { connectBench } from './stage/connect.js';
import { startStack, type FullStack } from './stage/full-stack.js';
import { inspect, runTime, submitTo, waitForSuccess } from './stage/inspections.js';

const MEGABYTES = 500;
const TURNS = { rounds: 3, seconds: 60 };
const PARSES = 10;
/** Printed many times over, since making text takes longer than printing it. */
const PIECE = '/tmp/amun-bench-text';
const PIECE_MEGABYTES = 5;
const PREPARE = `yes 'epoch 3, step 1000, loss 0.0241' | head -c ${PIECE_MEGABYTES}000000 >${PIECE}`;
const PRINT = `for n in $(seq ${MEGABYTES / PIECE_MEGABYTES}); do cat ${PIECE}; done`;
/** Of a run and of a container by hand alike. */
const CORES = '1';

/** How fast a run may print. */
export const output: Bench = {
  name: 'output',
  about: `a run that prints ${MEGABYTES} MB, against podman run by hand`,
  needsEngine: true,
  run: ({ base = '' }) => {
    const specification = {
      base,
      script: `#!/bin/sh\n${PREPARE}\n${PRINT}\n`,
      run: { requests: { cpu: CORES, memory: '512Mi' } },
    };
    return using(
      () => startStack(),
      async (stack) => {
        const first = await inspect(stack.url, { base, script: '#!/bin/sh\ntrue\n' });
        const engine = await stack.engine();
        return using(
          () => prepareByHand(engine, first.build.container ?? '', specification),
          async (byHand) => [
            ...(await measureRuns(stack, specification, byHand)),
            await measureParsing(stack, specification),
          ],
        );
      },
    );
  },
};

async function measureRuns(
  stack: FullStack,
  specification: object,
  byHand: ByHand,
): Promise<Figure[]> {
  const rate =
    (time: () => Promise<number>): Side =>
    async () => [MEGABYTES / ((await time()) / 1000)];
  const { subject, plain, silent } = await takeTurns(TURNS, {
    subject: rate(async () => runTime(await inspect(stack.url, specification))),
    plain: rate(() => byHand.runPlain(`${PREPARE}; ${PRINT}`, CORES)),
    silent: rate(() => byHand.runPlain(`${PREPARE}; (${PRINT}) >/dev/null`, CORES)),
  });
  const shared = { unit: 'MB/s', statistic: median } as const;
  return [
    compare({
      ...shared,
      what: 'output of a run',
      subject,
      floor: { what: 'podman run by hand', rounds: plain },
      goal: { of: 'value', bound: 'at least', limit: 50 },
    }),
    compare({
      ...shared,
      what: 'podman run by hand',
      subject: plain,
      floor: { what: 'the same to /dev/null', rounds: silent },
    }),
  ];
}

/** Of a log as it is kept: both streams in one, what was cut left out. */
async function measureParsing(stack: FullStack, specification: object): Promise<Figure> {
  const id = await submitTo(stack.url, specification);
  await waitForSuccess(stack.url, id);
  const log = await using(
    async () => connectBench(await stack.nats()),
    ({ nats }) => createJetStreamStore(nats).artifacts.get(runLogKey(id, 0)),
  );
  if (log === undefined) throw new Error(`The log of ${id} is not there.`);
  const times = await timeEach(PARSES, () => Promise.resolve(parseRunLog(log)));
  const rates = times.map((time) => log.byteLength / 1e6 / (time / 1000));
  return compare({
    what: 'parsing a run’s log',
    unit: 'MB/s',
    statistic: median,
    subject: [rates],
  });
}
