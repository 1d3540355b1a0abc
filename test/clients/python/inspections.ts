import { ended, submit, until } from '../../e2e/inspect.js';
import type { Stack } from '../../e2e/start-stack.js';
import type { Client, Returned } from './amun-package.js';

/** What the inspections of one generation are told apart by. */
export const ENDED = ['build-only', 'json', 'text', 'failed-script', 'failed-build'] as const;
export const UNFINISHED = ['running', 'waiting'] as const;
export type Kind = (typeof ENDED)[number] | (typeof UNFINISHED)[number];

/** One core, so that one run that takes it lets all others wait. */
export const ENVIRONMENT = { AMUN_CPUS: '1' };

const JSON_SCRIPT = '#!/bin/sh\necho "{\\"threads\\": $THREADS}"\necho careful >&2\n';
const SLEEP = '#!/bin/sh\nsleep 3600\n';

/** Fields of each kind but `base`; the first generation does not know batches. */
function fieldsOf(kind: (typeof ENDED)[number], batch: object): object {
  const script = {
    'failed-script': `${JSON_SCRIPT}exit 3\n`,
    text: 'echo hello\n',
    json: JSON_SCRIPT,
  };
  return {
    identifier: kind,
    environment: [
      { model: 'InspectionSpecificationEnvironment', fields: { name: 'THREADS', value: '2' } },
    ],
    ...(kind === 'failed-build' ? { packages: ['jq'] } : {}),
    ...(kind === 'json' ? batch : {}),
    ...(kind in script ? { script: script[kind as keyof typeof script] } : {}),
  };
}

/** What one client's `inspect` answered for each kind that ends. */
export type Submissions = Readonly<Record<(typeof ENDED)[number], Returned>>;

/** Submits one inspection of each kind that ends, by the client itself. */
export async function submitKinds(
  client: Client,
  stack: Stack,
  base: string,
): Promise<Submissions> {
  const batch = client.generation === '0.3.8' ? {} : { batch_size: 2 };
  const calls = ENDED.map((kind) => ({
    function: 'inspect',
    arguments: [base],
    keywords: fieldsOf(kind, batch) as Record<string, unknown>,
  }));
  const answers = await client.call(`${stack.url}/api/v1`, calls);
  return Object.fromEntries(ENDED.map((kind, index) => [kind, answers[index]!])) as Submissions;
}

/** The id that `inspect` returned. */
export function idOf({ value, message }: Returned): string {
  const { inspection_id: id } = (value ?? {}) as { inspection_id?: string };
  if (id === undefined) throw new Error(`inspect returned no id: ${message ?? ''}`);
  return id;
}

/** Waits for the end of what ends; then begins one that runs on, and one that waits for its core. */
export async function leaveUnfinished(
  stack: Stack,
  base: string,
  ids: readonly string[],
): Promise<Record<(typeof UNFINISHED)[number], string>> {
  for (const id of ids) await ended(stack, id, 400_000);
  const run = { requests: { cpu: '1' } };
  const running = await submit(stack, { base, script: SLEEP, run });
  await until(stack, running, ({ job }) => job['state'] === 'running', 400_000);
  const files = [{ path: '/opt/waits', content: 'another stack' }];
  const waiting = await submit(stack, { base, files, script: SLEEP });
  await until(stack, waiting, ({ build }) => build['state'] === 'waiting');
  return { running, waiting };
}
