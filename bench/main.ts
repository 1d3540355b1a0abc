import { benches } from './benches.js';
import type { BenchContext } from './bench.js';
import { describeMachine, readLoad } from './machine.js';
import type { Figure } from './measure/figure.js';
import { formatTable } from './measure/table.js';
import { closeAll } from './stage/cleanup.js';

const USAGE = `Usage: npm run bench [-- [--json] NAME…]\n\n${benches
  .map(({ name, about }) => `  ${name.padEnd(12)} ${about}`)
  .join('\n')}\n`;

/** No further bench is begun after this time. */
const WHOLE_MS = 7 * 60_000;

const say = (line: string): void => console.error(line);

async function main(args: readonly string[]): Promise<number> {
  const names = args.filter((argument) => !argument.startsWith('-'));
  const unknown = names.find((name) => benches.every((bench) => bench.name !== name));
  const option = args.find((argument) => argument.startsWith('-') && argument !== '--json');
  if (unknown !== undefined || option !== undefined) {
    say(`There is no ${unknown ?? option ?? ''}.\n${USAGE}`);
    return 2;
  }
  const base = process.env.AMUN_BENCH_BASE;
  const context = { base: base === '' ? undefined : base, say };
  const chosen = benches.filter(({ name }) => names.length === 0 || names.includes(name));
  const loadBefore = readLoad();
  const figures: Figure[] = [];
  let failures = 0;
  const end = performance.now() + WHOLE_MS;
  for (const bench of chosen) {
    if (performance.now() > end) {
      say(`${bench.name}: left out, the time is over; run it by its name.`);
      continue;
    }
    const { failed, measured } = await runBench(bench, context);
    figures.push(...measured);
    failures += failed ? 1 : 0;
  }
  const machine = `${describeMachine()}; load ${loadBefore} before, ${readLoad()} after.`;
  if (args.includes('--json')) console.log(JSON.stringify({ machine, figures }, null, 2));
  else console.log(`${machine}\n\n${formatTable(figures)}`);
  return failures === 0 ? 0 : 1;
}

async function runBench(
  bench: (typeof benches)[number],
  context: BenchContext,
): Promise<{ failed: boolean; measured: Figure[] }> {
  if (bench.needsEngine && context.base === undefined) {
    say(`${bench.name}: left out, no container engine works here; \`amun doctor\` says more.`);
    return { failed: false, measured: [] };
  }
  const started = performance.now();
  say(`${bench.name}: ${bench.about}; load ${readLoad()}`);
  try {
    const measured = await bench.run(context);
    say(`${bench.name}: took ${((performance.now() - started) / 1000).toFixed(0)} s`);
    return { failed: false, measured };
  } catch (error) {
    say(
      `${bench.name}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`,
    );
    return { failed: true, measured: [] };
  }
}

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => void closeAll().finally(() => process.exit(130)));
}
process.once('uncaughtException', (error) => {
  console.error(error);
  void closeAll().finally(() => process.exit(1));
});
void main(process.argv.slice(2)).then((code) => process.exit(code));
