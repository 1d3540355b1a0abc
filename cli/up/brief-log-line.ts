import { asObject, asText } from '../../shared/json/read-json.js';

/** A line of a log as a person wants it: of one that is JSON, what it says and of which error. */
export function briefLogLine(line: string): string {
  let entry: Readonly<Record<string, unknown>>;
  try {
    entry = asObject(JSON.parse(line));
  } catch {
    return line;
  }
  const said = asText(entry['msg']);
  if (said === undefined) return line;
  const error = asText(asObject(entry['err'])['message']);
  return error === undefined ? said : `${said}: ${error}`;
}
