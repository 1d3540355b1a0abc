import type { Json } from '../inspection/specification.js';

/** One thing that an exported inspection consists of. */
export interface ExportObject {
  /** `<id>/build/log`, … */
  readonly key: string;
  readonly contentType: string;
  readonly body: string;
}

/** What is exported of an inspection's build. */
export interface BuildParts {
  /** As it is stored: with defaults and the server's @ keys. */
  readonly specification: Json;
  readonly dockerfile: string;
  /** Empty where the inspection ended before its build did. */
  readonly log: string;
}

/** What is exported of one run that left a report. */
export interface RunParts {
  readonly report: Json;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * The objects of an inspection's build. Whoever finds a specification takes the inspection for
 * complete, so exits bring them last.
 */
export function buildObjects(id: string, parts: BuildParts): ExportObject[] {
  const object = (name: string) => `${id}/build/${name}`;
  return [
    text(object('log'), parts.log),
    text(object('Dockerfile'), parts.dockerfile),
    json(object('specification'), parts.specification),
  ];
}

/** The objects of one run. The log is what it wrote to stdout, and then what it wrote to stderr. */
export function runObjects(id: string, item: number, parts: RunParts): ExportObject[] {
  const object = (name: string) => `${id}/results/${item}/${name}`;
  return [
    json(object('hwinfo'), hwinfoOf(parts.report)),
    text(object('log'), joinStreams(parts)),
    json(object('result'), parts.report),
  ];
}

function hwinfoOf(report: Json): Json {
  const isObject = typeof report === 'object' && report !== null && !Array.isArray(report);
  return (isObject ? (report as { readonly hwinfo?: Json }).hwinfo : undefined) ?? {};
}

/** A last line of stdout that does not end is ended, so that stderr begins on a line of its own. */
function joinStreams({ stdout, stderr }: RunParts): string {
  const isOpen = stdout !== '' && stderr !== '' && !stdout.endsWith('\n');
  return `${stdout}${isOpen ? '\n' : ''}${stderr}`;
}

function text(key: string, body: string): ExportObject {
  return { key, contentType: 'text/plain; charset=utf-8', body };
}

function json(key: string, value: Json): ExportObject {
  return { key, contentType: 'application/json', body: `${JSON.stringify(value, null, 2)}\n` };
}
