import { appendFile, truncate, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { waitUntil } from '../../wait-until.js';
import { openGateway, type OpenGateway } from './open-gateway.js';

let gateway: OpenGateway;
let file: string;

beforeAll(async () => {
  gateway = await openGateway({ functions: { submit: 'http://127.0.0.1:1' } });
  file = path.join(gateway.logDirectory, 'submit.log');
});
afterAll(() => gateway.close());

const at = (minute: number): number => Date.UTC(2026, 0, 1, 0, minute);

function line(minute: number, msg: string): string {
  return `${JSON.stringify({ level: 30, time: at(minute), name: 'submit', msg })}\n`;
}

interface LogMessage {
  name: string;
  namespace: string;
  instance: string;
  timestamp: string;
  text: string;
}

function parse(text: string): LogMessage[] {
  return text
    .split('\n')
    .filter((each) => each !== '')
    .map((each) => JSON.parse(each) as LogMessage);
}

async function read(query: string): Promise<LogMessage[]> {
  const { status, headers, text } = await gateway.call(`/system/logs?name=submit${query}`);
  expect([status, headers['content-type']]).toEqual([200, 'application/x-ndjson']);
  return parse(text);
}

const messages = (lines: LogMessage[]): string[] =>
  lines.map(({ text }) => /"msg":"([^"]*)"/.exec(text)?.[1] ?? text);

it('is empty while there is none', async () => {
  expect(await read('')).toEqual([]);
});

it('gives each line with its own time, and those without one the time before', async () => {
  await writeFile(file, `${line(1, 'one')}TypeError: crash\n    at x\n${line(2, 'zwei ✓')}half`);
  const lines = await read('&follow=false');
  expect(lines.map(({ timestamp }) => timestamp)).toEqual(
    [1, 1, 1, 2].map((minute) => new Date(at(minute)).toISOString()),
  );
  expect(messages(lines)).toEqual(['one', 'TypeError: crash', '    at x', 'zwei ✓']);
  expect(lines[0]).toMatchObject({ name: 'submit', namespace: 'openfaas-fn', instance: 'submit' });
});

it('gives the last ones, and those since a time', async () => {
  await writeFile(file, [1, 2, 3, 4].map((minute) => line(minute, `m${minute}`)).join(''));
  expect(messages(await read('&tail=2'))).toEqual(['m3', 'm4']);
  expect(messages(await read('&tail=-1'))).toHaveLength(4);
  const since = encodeURIComponent('2026-01-01T01:03:00+01:00');
  expect(messages(await read(`&since=${since}`))).toEqual(['m3', 'm4']);
  expect(messages(await read(`&since=${since}&tail=1`))).toEqual(['m4']);
});

it('bounds what it reads: lines of 64 KiB, the last 8 MiB', async () => {
  await writeFile(file, `${'x'.repeat(200_000)}\n${line(1, 'after')}`);
  const [long, after] = await read('');
  expect(long?.text).toHaveLength(65536);
  expect(after?.text).toContain('after');
  const filler = `${'y'.repeat(1023)}\n`.repeat(9 * 1024);
  await writeFile(file, `${line(1, 'long ago')}${filler}${line(2, 'new')}`);
  const lines = await read('');
  expect(lines.length).toBeLessThan(8200);
  expect(lines[0]?.text).toHaveLength(1023);
  expect(messages(lines).at(-1)).toBe('new');
});

it('follows, through a file that begins anew', async () => {
  await writeFile(file, line(1, 'before'));
  const leaving = new AbortController();
  const { signal } = leaving;
  const url = `${gateway.url}/system/logs?name=submit&follow=true`;
  const response = await fetch(url, { signal });
  let text = '';
  const reading = (async () => {
    for await (const chunk of response.body!) text += Buffer.from(chunk as Uint8Array).toString();
  })();
  await waitUntil(() => text.includes('before'));
  await appendFile(file, '{"level":30,"time":');
  await appendFile(file, `${at(2)},"msg":"in two parts"}\n`);
  await waitUntil(() => text.includes('in two parts'));
  await truncate(file);
  await writeFile(file, line(3, 'anew'));
  await waitUntil(() => text.includes('anew'));
  expect(messages(parse(text))).toEqual(['before', 'in two parts', 'anew']);
  leaving.abort();
  await expect(reading).rejects.toThrow();
});

it.each([
  ['name=nobody', 404],
  ['name=../../etc/passwd', 404],
  ['', 404],
  ['name=submit&tail=many', 400],
  ['name=submit&since=yesterday', 400],
])('refuses %s', async (query, status) => {
  const answer = await gateway.call(`/system/logs?${query}`);
  expect(answer.status).toBe(status);
  expect(answer.json()['error']).toBeDefined();
});
