import type { FastifyReply } from 'fastify';
import { AmunError } from '../../../shared/errors/amun-error.js';
import { CatchUp } from './catch-up.js';
import type { Feeds } from './feeds.js';
import {
  AT_THE_BEGINNING,
  MAX_FOLLOWED_RUNS,
  parsePosition,
  type FollowPosition,
} from './follow-position.js';
import { follow } from './follower.js';
import type { Wants } from './feed-members.js';
import { EVENT_STREAM_HEADERS, sendEvents } from './send-events.js';

/** What is asked for, as the API's document has it. */
export interface FollowRequest {
  readonly id: string;
  /** Numbers of runs, separated by commas; "" for none. */
  readonly items?: string | undefined;
  readonly build_log: boolean;
  /** For people. */
  readonly last_event_id?: string | undefined;
  /** What a browser sends when it comes back. */
  readonly 'Last-Event-ID'?: string | undefined;
}

/**
 * Sends what happens to an inspection until its end, from where the last event id says on. Throws
 * before the stream begins: NotFound, InvalidRequest, TooManyRequests, Unavailable.
 */
export async function followInspection(
  feeds: Feeds,
  asked: FollowRequest,
  reply: FastifyReply,
  signal: AbortSignal,
): Promise<void> {
  const { id } = asked;
  const from = readPosition(asked);
  if (from.ended) {
    // What tells a browser that it need not come back.
    await reply.code(204).send();
    return;
  }
  await feeds.use(id, async (feed) => {
    const wants = {
      buildLog: asked.build_log,
      items: chooseItems(asked.items, feed.batchSize, id),
    };
    if (reply.request.method === 'HEAD') {
      await reply.headers(EVENT_STREAM_HEADERS).send();
      return;
    }
    await sendEvents(reply, signal, async function* (ended) {
      const member = feed.join(wants, from);
      try {
        yield* follow(feed, member, from, new CatchUp(feeds.catchUps, ended), ended);
      } finally {
        feed.members.delete(member);
      }
    });
  });
}

function readPosition(asked: FollowRequest): FollowPosition {
  const sent = [asked['Last-Event-ID'], asked.last_event_id].find(
    (id) => id !== undefined && id !== '',
  );
  return sent === undefined ? AT_THE_BEGINNING : parsePosition(sent);
}

function chooseItems(text: string | undefined, batchSize: number, id: string): Wants['items'] {
  if (text === undefined) {
    return Array.from({ length: Math.min(batchSize, MAX_FOLLOWED_RUNS) }, (_, item) => item);
  }
  const items = text === '' ? [] : [...new Set(text.split(',').map(Number))];
  const missing = items.find((item) => item >= batchSize);
  if (missing === undefined) return items;
  throw new AmunError(
    'NotFound',
    `${id} has ${batchSize} runs, numbered from 0; there is no run ${missing}.`,
  );
}
