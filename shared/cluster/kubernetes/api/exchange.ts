import type { IncomingMessage } from 'node:http';
import { parseStatus, statusError } from './api-status.js';
import type { Access } from './access.js';
import type { Query } from './api-server.js';
import { connectionError } from './connection-error.js';
import { CredentialCache, type Session } from './credential-cache.js';
import type { Deadline } from './deadline.js';
import { readBody } from './read-body.js';
import { requestTarget } from './request-target.js';
import { send } from './send.js';

/** What is asked of the server. */
export interface Call {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  readonly path: string;
  readonly query?: Query;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: Buffer;
  /** The answer goes on for longer than calls do: a watch, a log. */
  readonly lasts?: boolean;
}

/** Of an answer that says what went wrong. */
const MAX_STATUS_BYTES = 1024 * 1024;

/** Sends requests with the credentials of the moment, and judges the answers' status. */
export class Exchange {
  private readonly credentials: CredentialCache;

  constructor(private readonly access: Access) {
    this.credentials = new CredentialCache(access);
  }

  /**
   * One request. `use` gets an answer whose status is a success; it reads the body. Every failure,
   * also of `use`, comes as an AmunError.
   */
  async once<T>(
    call: Call,
    deadline: Deadline,
    use: (answer: IncomingMessage) => Promise<T>,
  ): Promise<T> {
    try {
      const answer = await this.answerTo(call, deadline);
      return await use(answer);
    } catch (error) {
      deadline.signal.throwIfAborted();
      throw connectionError(error, this.access.url);
    }
  }

  close(): void {
    this.credentials.close();
  }

  private async answerTo(call: Call, deadline: Deadline): Promise<IncomingMessage> {
    const session = await deadline.race(this.credentials.get());
    const answer = await this.send(call, session, deadline);
    if (answer.statusCode !== 401) return await this.judge(answer);
    // The token may have been renewed since it was read; a server that refuses did nothing yet.
    const renewed = await deadline.race(this.credentials.get(session));
    if (renewed === session) return await this.judge(answer);
    answer.destroy();
    return await this.judge(await this.send(call, renewed, deadline));
  }

  private async send(call: Call, session: Session, { signal }: Deadline): Promise<IncomingMessage> {
    return await send({
      method: call.method,
      url: new URL(this.access.url + requestTarget(call.path, call.query)),
      headers: { 'user-agent': 'amun', ...session.headers, ...call.headers },
      ...(call.body && { body: call.body }),
      agent: call.lasts === true ? session.streams : session.calls,
      signal,
    });
  }

  private async judge(answer: IncomingMessage): Promise<IncomingMessage> {
    const status = answer.statusCode ?? 0;
    if (status >= 200 && status < 300) return answer;
    const text = (await readBody(answer, MAX_STATUS_BYTES)).toString('utf8');
    const refusal = parseStatus(status, orText(text), answer.headers['retry-after']);
    throw statusError(refusal, this.access.url);
  }
}

function orText(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
