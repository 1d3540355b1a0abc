import { createBuildContext } from '../dockerfile/create-build-context.js';
import { dockerfileOf } from '../dockerfile/dockerfile-of.js';
import { AmunError } from '../errors/amun-error.js';
import { parseSpecification } from '../inspection/parse-specification.js';
import type { InspectionRecord } from '../inspection/record.js';
import type { Json } from '../inspection/specification.js';
import {
  buildLogKey,
  runLogKey,
  runReportKey,
  specificationKey,
} from '../lifecycle/artifact-keys.js';
import { parseRunLog } from '../run/parse-run-log.js';
import type { Artifacts } from '../store/port.js';
import type { BuildParts, RunParts } from './inspection-objects.js';

/** Reads what is exported of the build of an inspection that has ended; throws NotFound. */
export async function readBuildParts(
  artifacts: Artifacts,
  { id, buildId, build }: InspectionRecord,
): Promise<BuildParts> {
  const stored = await artifacts.get(specificationKey(id));
  if (stored === undefined) {
    throw new AmunError('NotFound', `The specification of ${id} is not kept any more.`);
  }
  const specification = parseJson(stored);
  const context = createBuildContext(parseSpecification(specification));
  // A build that goes on for others is none of this inspection's.
  const log = build === undefined ? undefined : await artifacts.get(buildLogKey(buildId));
  return { specification, dockerfile: dockerfileOf(context), log: decode(log) };
}

/** Reads what is exported of one run; undefined where it left no report. */
export async function readRunParts(
  artifacts: Artifacts,
  id: string,
  item: number,
): Promise<RunParts | undefined> {
  const report = await artifacts.get(runReportKey(id, item));
  if (report === undefined) return undefined;
  const log = (await artifacts.get(runLogKey(id, item))) ?? new Uint8Array();
  const { stdout, stderr } = parseRunLog(log, { keepBytes: log.byteLength });
  return { report: parseJson(report), stdout: decode(stdout), stderr: decode(stderr) };
}

/** Readers take it for UTF-8: what is none is replaced. */
function decode(bytes: Uint8Array = new Uint8Array()): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8');
}

function parseJson(bytes: Uint8Array): Json {
  return JSON.parse(decode(bytes)) as Json;
}
