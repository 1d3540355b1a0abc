import {
  buildObjects,
  runObjects,
  type ExportObject,
} from '../../shared/export/inspection-objects.js';
import type { Json } from '../../shared/inspection/specification.js';
import { isFinal, PHASES } from '../../shared/inspection/phase.js';
import { asObject, asText } from '../../shared/json/read-json.js';
import { CliError } from '../cli-error.js';
import { ApiError } from '../../client/api-error.js';
import type { Client } from '../../client/create-client.js';
import type { Specification } from '../../client/operations.js';
import type { Transport } from '../../client/transport.js';

/** Where an inspection is read from. */
export interface InspectionService {
  readonly client: Client;
  readonly transport: Transport;
  readonly signal: AbortSignal;
}

/**
 * Everything that is exported of an inspection, as the service has it; one run at a time is in
 * memory. Throws CliError where it has not ended.
 */
export async function* readEndedInspection(
  service: InspectionService,
  id: string,
): AsyncGenerator<ExportObject> {
  const { client } = service;
  const status = asObject(await get(service, `/inspect/${id}/status`));
  refuseUnfinished(id, asText(status['phase']) ?? 'unknown');
  const size = await client.batchSize(id);
  for (let item = 0; item < size; item += 1) {
    const report = await reportOf(client, id, item);
    if (report === undefined) continue;
    yield* runObjects(id, item, { report, ...(await readOutput(client, id, item)) });
  }
  const answer = asObject(await get(service, `/inspect/${id}/specification`));
  const specification = (answer['specification'] ?? null) as Json;
  const isBuilt = asObject(status['build'])['finished_at'] != null;
  const log = isBuilt ? asObject(await get(service, `/inspect/${id}/build/log`))['log'] : '';
  const dockerfile = await client.dockerfile(specification as unknown as Specification);
  yield* buildObjects(id, { specification, dockerfile, log: asText(log) ?? '' });
}

function refuseUnfinished(id: string, said: string): void {
  const phase = PHASES.find((known) => known === said);
  if (phase !== undefined && isFinal(phase)) return;
  throw new CliError(
    `${id} has not ended yet (${said}); wait for it with \`amun logs ${id} --follow\`, or cancel it.`,
  );
}

function get({ transport, signal }: InspectionService, path: string): Promise<unknown> {
  return transport.json('GET', path, { signal });
}

/** undefined for a run that left none. */
async function reportOf(client: Client, id: string, item: number): Promise<Json | undefined> {
  try {
    return (await client.result(id, item)) as Json;
  } catch (error) {
    if (error instanceof ApiError && error.status === 404) return undefined;
    throw error;
  }
}

async function readOutput(
  client: Client,
  id: string,
  item: number,
): Promise<{ readonly stdout: string; readonly stderr: string }> {
  const stdout: string[] = [];
  const stderr: string[] = [];
  let cursor: string | undefined;
  for (;;) {
    const part = await client.output(id, item, cursor);
    stdout.push(part.stdout);
    stderr.push(part.stderr);
    if (part.complete) return { stdout: stdout.join(''), stderr: stderr.join('') };
    if (part.next_cursor === cursor)
      throw new CliError(`The log of run ${item} of ${id} never ends.`);
    cursor = part.next_cursor;
  }
}
