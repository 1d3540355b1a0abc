import type { AdviceOutcome, AdviceReport, Justification, PackageChange } from './advice-report.js';

/** A mark, as marks.sh writes it; builders put words of their own before a line. */
const MARK = /amun-advice:([0-9a-f]{16}):(\{.*\})\s*$/;
/** A line that is longer is none of advise.sh's. */
const LONGEST_LINE = 1024 * 1024;
const MOST_ENTRIES = 200;
const LONGEST_TEXT = 1000;

type Fields = Readonly<Record<string, unknown>>;

/** Events that end it, all others tell of what came before. */
const ENDS: Readonly<Record<string, AdviceOutcome>> = {
  taken: 'taken',
  submitted: 'submitted',
  skipped: 'skipped',
  fallback: 'fallback',
  failed: 'failed',
};

/**
 * What a build log says of the advice asked for in it; undefined where none was. The first `begin`
 * tells the nonce of all other marks; the last end counts. Whatever is not as expected is left out.
 */
export function parseAdviceLog(log: string): AdviceReport | undefined {
  let nonce: string | undefined;
  let outcome: AdviceOutcome = 'unfinished';
  let told: Fields = {};
  let provenancePassed = false;
  for (const line of log.split('\n')) {
    const mark = readMark(line);
    if (mark === undefined || mark.nonce !== (nonce ?? mark.nonce)) continue;
    const event = mark.fields['event'];
    if (nonce === undefined && event !== 'begin') continue;
    nonce = mark.nonce;
    if (event === 'provenance') provenancePassed = mark.fields['outcome'] === 'passed';
    if (event === 'asked') told = { ...told, ...mark.fields };
    const end = typeof event === 'string' && Object.hasOwn(ENDS, event) ? ENDS[event] : undefined;
    if (end === undefined) continue;
    outcome = end;
    told = { ...told, ...mark.fields };
  }
  if (nonce === undefined) return undefined;
  return { outcome, ...describe(told), provenancePassed };
}

function readMark(line: string): { nonce: string; fields: Fields } | undefined {
  if (line.length > LONGEST_LINE) return undefined;
  const [, nonce, json] = MARK.exec(line) ?? [];
  const fields = nonce === undefined || json === undefined ? undefined : parseObject(json);
  return nonce === undefined || fields === undefined ? undefined : { nonce, fields };
}

function parseObject(json: string): Fields | undefined {
  try {
    return asObject(JSON.parse(json));
  } catch {
    return undefined;
  }
}

function describe(told: Fields): Omit<AdviceReport, 'outcome' | 'provenancePassed'> {
  const { score, code } = told;
  return {
    ...text('analysisId', told['analysis_id']),
    ...text('reason', told['reason']),
    ...(typeof code === 'string' && /^\d{1,3}$/.test(code) ? { code: Number(code) } : {}),
    ...(typeof score === 'number' ? { score } : {}),
    ...text('lockSha256', told['lock_sha256']),
    stackInfo: list(told['stack_info'], justification),
    justification: list(told['justification'], justification),
    changes: list(told['changes'], change),
  };
}

function justification(entry: Fields): Justification {
  return { type: cut(entry['type']), message: cut(entry['message']), link: cut(entry['link']) };
}

function change(entry: Fields): PackageChange {
  return {
    package: cut(entry['package']),
    from: entry['from'] === null ? null : cut(entry['from']),
    to: entry['to'] === null ? null : cut(entry['to']),
  };
}

function list<Entry>(value: unknown, read: (entry: Fields) => Entry): Entry[] {
  if (!Array.isArray(value)) return [];
  return value
    .slice(0, MOST_ENTRIES)
    .map(asObject)
    .filter((entry) => entry !== undefined)
    .map(read);
}

function text<Key extends string>(key: Key, value: unknown): Partial<Record<Key, string>> {
  if (typeof value !== 'string' || value === '') return {};
  return { [key]: cut(value) } as Partial<Record<Key, string>>;
}

function cut(value: unknown): string {
  return typeof value === 'string' ? value.slice(0, LONGEST_TEXT) : '';
}

function asObject(value: unknown): Fields | undefined {
  const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
  return isObject ? (value as Fields) : undefined;
}
