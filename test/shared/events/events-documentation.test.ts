import { readFileSync } from 'node:fs';
import { EVENT_FIELDS } from '../../../shared/events/event-fields.js';
import { SUBJECTS } from '../../../shared/events/event.js';
import { parseEvent } from '../../../shared/events/parse-event.js';

const page = readFileSync(new URL('../../../docs/events.md', import.meta.url), 'utf8');

/** The page's part under the heading of that text. */
function section(heading: string): string {
  const start = page.indexOf(`## ${heading}\n`);
  expect(start).toBeGreaterThan(-1);
  const end = page.indexOf('\n## ', start + 1);
  return page.slice(start, end === -1 ? undefined : end);
}

function tableRows(text: string): string[][] {
  const rows = text.split('\n').filter((line) => line.startsWith('|'));
  return rows.slice(2).map((row) =>
    row
      .slice(1, -1)
      .split('|')
      .map((cell) => cell.trim()),
  );
}

describe('docs/events.md', () => {
  it('lists every subject', () => {
    const listed = tableRows(section('Which there are')).map(([subject]) => subject);
    expect(listed).toEqual(Object.values(SUBJECTS).map((subject) => `\`${subject}\``));
  });

  it.each(Object.values(SUBJECTS))('describes %s as the code has it', (subject) => {
    const expected = Object.entries(EVENT_FIELDS[subject].fields).map(([name, field]) => [
      `\`${name}\``,
      field.optional ? `${field.kind}, optional` : field.kind,
      field.meaning,
    ]);
    expect(tableRows(section(subject))).toEqual(expected);
  });

  it.each(Object.values(SUBJECTS))('shows an event %s that can be read', (subject) => {
    const example = /```json\n(?<json>.*?)```/s.exec(section(subject))?.groups?.json ?? '';
    const event = parseEvent(new TextEncoder().encode(example));
    expect(event).toEqual(JSON.parse(example));
    expect(event.type).toBe(subject);
  });
});
