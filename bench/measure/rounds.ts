/** Samples of one side, a list for each round. */
export type Rounds = readonly (readonly number[])[];

/** One side of a comparison: makes the samples of a round. */
export type Side = () => Promise<readonly number[]>;

/** How often the sides take turns. */
export interface TurnLimits {
  readonly rounds: number;
  /** No further round is begun after this time; two there are always. */
  readonly seconds: number;
}

const LEAST_ROUNDS = 2;

/**
 * Lets the sides take turns, each once a round and every second round in reverse: what else this
 * machine does meanwhile hits all of them alike.
 */
export async function takeTurns<K extends string>(
  limits: TurnLimits,
  sides: Readonly<Record<K, Side>>,
): Promise<Record<K, Rounds>> {
  const names = Object.keys(sides) as K[];
  const taken = Object.fromEntries(names.map((name) => [name, [] as number[][]])) as Record<
    K,
    number[][]
  >;
  const end = performance.now() + limits.seconds * 1000;
  for (let round = 0; round < limits.rounds; round += 1) {
    if (round >= LEAST_ROUNDS && performance.now() > end) break;
    const order = round % 2 === 0 ? names : [...names].reverse();
    for (const name of order) taken[name].push([...(await sides[name]())]);
  }
  return taken;
}

/** Calls `action` `count` times, one after the other; milliseconds of each call. */
export async function timeEach(
  count: number,
  action: (index: number) => Promise<unknown>,
): Promise<number[]> {
  const samples: number[] = [];
  for (let index = 0; index < count; index += 1) samples.push(await timeOnce(() => action(index)));
  return samples;
}

/** As timeEach, of an action that takes something; what it takes is made before any is timed. */
export function timeEachWith<T>(
  count: number,
  make: () => T,
  action: (input: T) => Promise<unknown>,
): Promise<number[]> {
  const inputs = Array.from({ length: count }, make);
  return timeEach(count, (index) => action(inputs[index]!));
}

/** Milliseconds of one call. */
export async function timeOnce(action: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  await action();
  return performance.now() - started;
}
