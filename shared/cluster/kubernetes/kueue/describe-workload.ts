import { asArray, asObject } from '../../../json/read-json.js';
import { asText } from '../read-fields.js';

const MOST_CHARACTERS = 512;

/** Why a Workload of Kueue is not admitted yet, in its own words; undefined where it does not say. */
export function describeWorkload(object: unknown): string | undefined {
  const status = asObject(asObject(object)['status']);
  const checks = asArray(status['admissionChecks']).map(asObject);
  const open = checks.find(({ state }) => state !== 'Ready');
  if (open !== undefined && isTrue(status, 'QuotaReserved')) {
    const said = words(open['message']);
    const name = asText(open['name'], 128) ?? '?';
    return `admission check ${name} is ${asText(open['state'], 64) ?? 'open'}${said && ` (${said})`}`;
  }
  const pending = conditionOf(status, 'QuotaReserved', 'False');
  return pending === undefined ? undefined : words(pending['message']) || undefined;
}

function isTrue(status: Readonly<Record<string, unknown>>, type: string): boolean {
  return conditionOf(status, type, 'True') !== undefined;
}

function conditionOf(status: Readonly<Record<string, unknown>>, type: string, wanted: string) {
  return asArray(status['conditions'])
    .map(asObject)
    .find((one) => one['type'] === type && one['status'] === wanted);
}

function words(message: unknown): string {
  return asText(message, MOST_CHARACTERS)?.trim() ?? '';
}
