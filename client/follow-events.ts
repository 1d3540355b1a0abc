import { createParser, type EventSourceMessage } from 'eventsource-parser';
import { asArray, asNumber, asObject, asText } from '../shared/json/read-json.js';
import { isPassing, UnreachableError } from './api-error.js';
import type { Client, FollowWants } from './create-client.js';
import { pause } from './pause.js';
import { persist } from './persist.js';

/** What is told of an inspection; the fields are those of the API's events. */
export type InspectionEvent =
  | {
      readonly event: 'phase';
      readonly phase: string;
      readonly reason: string | null;
      readonly message: string | null;
      readonly position: number | null;
    }
  | { readonly event: 'build_log'; readonly text: string; readonly complete: boolean }
  | {
      readonly event: 'run';
      readonly item: number;
      readonly state: string;
      readonly exit_code: number | null;
      readonly reason: string | null;
    }
  | {
      readonly event: 'output';
      readonly item: number;
      readonly stream: 'stdout' | 'stderr';
      readonly text: string;
    }
  | { readonly event: 'end'; readonly cut: readonly CutRun[] };

/** A run that wrote more than is kept. */
export interface CutRun {
  readonly item: number;
  readonly stdout: boolean;
  readonly stderr: boolean;
}

const RECONNECT_MS = 500;
/** How long connections may end again and again without an event between. */
const PATIENCE_MS = 60_000;
/**
 * A connection that lasted longer was sound, however little was told. It is well over the minute
 * after which the service ends those for which it could find out nothing.
 */
const SOUND_MS = 90_000;

/**
 * What happens to an inspection, each event once, up to its `end`. A connection that is lost goes on
 * where it was; a service that stays away for a minute ends it as an UnreachableError.
 *
 * @param onTrouble told each time that the service does not answer, or the connection is lost
 */
export async function* followEvents(
  client: Client,
  id: string,
  wants: FollowWants,
  signal: AbortSignal,
  onTrouble: () => void,
): AsyncGenerator<InspectionEvent> {
  let lastEventId: string | undefined;
  let failingSince: number | undefined;
  for (;;) {
    const open = () => client.follow(id, wants, signal, lastEventId);
    const chunks = await persist(open, signal, onTrouble);
    const opened = Date.now();
    try {
      for await (const message of readMessages(chunks)) {
        failingSince = undefined;
        lastEventId = message.id ?? lastEventId;
        const event = readEvent(message);
        if (event === undefined) continue;
        yield event;
        if (event.event === 'end') return;
      }
    } catch (error) {
      if (!isPassing(error)) throw error;
    }
    const lost = Date.now();
    if (lost - opened > SOUND_MS) failingSince = undefined;
    failingSince ??= lost;
    if (lost - failingSince > PATIENCE_MS) throw new UnreachableError(client.url, undefined);
    onTrouble();
    await pause(RECONNECT_MS, signal);
  }
}

async function* readMessages(
  chunks: AsyncIterable<Uint8Array>,
): AsyncGenerator<EventSourceMessage> {
  const messages: EventSourceMessage[] = [];
  const parser = createParser({ onEvent: (message) => messages.push(message) });
  const decoder = new TextDecoder();
  for await (const chunk of chunks) {
    parser.feed(decoder.decode(chunk, { stream: true }));
    yield* messages.splice(0);
  }
}

/** undefined for what this version does not know. */
function readEvent({ event, data }: EventSourceMessage): InspectionEvent | undefined {
  const fields = readFields(data);
  const text = asText(fields['text']) ?? '';
  const item = asNumber(fields['item']) ?? 0;
  const reason = asText(fields['reason']) ?? null;
  switch (event) {
    case 'phase':
      return {
        event,
        phase: asText(fields['phase']) ?? 'unknown',
        reason,
        message: asText(fields['message']) ?? null,
        position: asNumber(fields['position']) ?? null,
      };
    case 'build_log':
      return { event, text, complete: fields['complete'] === true };
    case 'run': {
      const state = asText(fields['state']) ?? 'waiting';
      return { event, item, state, exit_code: asNumber(fields['exit_code']) ?? null, reason };
    }
    case 'output':
      return { event, item, stream: fields['stream'] === 'stderr' ? 'stderr' : 'stdout', text };
    case 'end':
      return { event, cut: asArray(fields['cut']).map(readCut) };
    default:
      return undefined;
  }
}

function readFields(data: string): Readonly<Record<string, unknown>> {
  try {
    return asObject(JSON.parse(data));
  } catch {
    return {};
  }
}

function readCut(value: unknown): CutRun {
  const { item, stdout, stderr } = asObject(value);
  return { item: asNumber(item) ?? 0, stdout: stdout === true, stderr: stderr === true };
}
