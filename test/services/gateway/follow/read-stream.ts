import { createParser } from 'eventsource-parser';
import { request } from 'undici';

export interface ReadEvent {
  readonly id: string;
  readonly event: string;
  readonly data: Record<string, unknown>;
}

export interface StreamOptions {
  readonly lastEventId?: string | undefined;
  /** Cuts the connection after so many bytes. */
  readonly cutAfter?: number;
  readonly signal?: AbortSignal;
  readonly onEvent?: (event: ReadEvent) => void;
}

/** Reads an event stream to its end, or until it is cut: the events that came whole. */
export async function readStream(
  url: string,
  { lastEventId, cutAfter = Infinity, signal, onEvent }: StreamOptions = {},
): Promise<{ status: number; events: ReadEvent[]; headers: Record<string, unknown> }> {
  const events: ReadEvent[] = [];
  const parser = createParser({
    onEvent: ({ id = '', event = '', data }) => {
      const read = { id, event, data: JSON.parse(data) as Record<string, unknown> };
      events.push(read);
      onEvent?.(read);
    },
  });
  const decoder = new TextDecoder();
  let size = 0;
  const answer = await request(url, {
    headers: lastEventId === undefined ? {} : { 'last-event-id': lastEventId },
    signal: signal ?? null,
  });
  const result = { status: answer.statusCode, events, headers: answer.headers };
  if (answer.statusCode !== 200) {
    await answer.body.dump();
    return result;
  }
  try {
    for await (const chunk of answer.body as AsyncIterable<Buffer>) {
      const rest = chunk.subarray(0, cutAfter - size);
      size += rest.length;
      parser.feed(decoder.decode(rest, { stream: true }));
      if (size >= cutAfter) {
        answer.body.destroy();
        break;
      }
    }
  } catch (error) {
    if (signal?.aborted !== true) throw error;
  }
  return result;
}

/** What a follower was sent of each log, put together. */
export function textsOf(events: readonly ReadEvent[]): Record<string, string> {
  const texts: Record<string, string> = {};
  for (const { event, data } of events) {
    const name =
      event === 'build_log'
        ? 'build'
        : event === 'output'
          ? `${String(data['item'])} ${String(data['stream'])}`
          : undefined;
    if (name !== undefined) texts[name] = (texts[name] ?? '') + String(data['text']);
  }
  return texts;
}
