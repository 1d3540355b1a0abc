import type { ServerResponse } from 'node:http';
import type { Asked } from './scripted-service.js';
import type { ScriptedInspection } from './scripted-inspection.js';

interface ScriptedEvent {
  readonly event: string;
  readonly data: object;
}

/** Pieces in which texts are handed out, so that followers have something to put together. */
const PIECE = 7;

/**
 * Sends the events of a scripted inspection from the last event id on, as many as wanted; then the
 * stream ends where the inspection does, and else stays open. True where it came to the end.
 */
export function sendScriptedEvents(
  inspection: ScriptedInspection,
  { query, headers }: Asked,
  response: ServerResponse,
  most = Infinity,
): boolean {
  const events = eventsOf(inspection, query);
  const from = Number(headers['last-event-id'] ?? 0);
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  response.write('retry: 1\n\n:\n\n');
  for (const [index, { event, data }] of events.slice(from, from + most).entries()) {
    const id = from + index + 1;
    response.write(`id: ${id}\nevent: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
  }
  const isEnd = from + most >= events.length && events.at(-1)?.event === 'end';
  if (isEnd) response.end();
  return isEnd;
}

function eventsOf({ stages, buildLog, runs }: ScriptedInspection, query: URLSearchParams) {
  const wanted = (query.get('items') ?? '').split(',').filter((item) => item !== '');
  const items = wanted.map(Number);
  const events: ScriptedEvent[] = [];
  const text = (log: string, event: string, fields: object): void => {
    for (let at = 0; at < log.length; at += PIECE) {
      events.push({ event, data: { ...fields, text: log.slice(at, at + PIECE) } });
    }
  };
  let isLogSent = query.get('build_log') === 'false';
  const begun = new Set<number>();
  for (const {
    phase,
    build,
    runStates,
    reason = null,
    message = null,
    position = null,
  } of stages) {
    events.push({ event: 'phase', data: { phase, reason, message, position } });
    if (build.state !== 'waiting' && !isLogSent) {
      text(buildLog, 'build_log', { complete: false });
      events.push({ event: 'build_log', data: { text: '', complete: true } });
      isLogSent = true;
    }
    for (const item of items.filter((one) => runStates[one] !== undefined)) {
      const state = runStates[item];
      events.push({ event: 'run', data: { item, state, exit_code: null, reason: null } });
      if (begun.has(item)) continue;
      begun.add(item);
      text(runs[item]!.stdout, 'output', { item, stream: 'stdout' });
      text(runs[item]!.stderr, 'output', { item, stream: 'stderr' });
    }
    if (['succeeded', 'failed', 'cancelled'].includes(phase)) {
      events.push({ event: 'end', data: { phase, reason, cut: [] } });
    }
  }
  return events;
}
