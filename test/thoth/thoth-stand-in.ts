import { once } from 'node:events';
import { createServer, type Server } from 'node:https';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { Analyses } from './analyses.js';
import type { ThothAnswer, ThothRequest, ThothTrouble } from './answer.js';
import { answerRequest } from './answer-request.js';

export interface StandInOptions {
  /** PEM texts; clients insist on https. */
  readonly key: string;
  readonly cert: string;
  /** Milliseconds since 1970: what the stand-in's cache of three hours goes by. */
  readonly now?: () => number;
}

/**
 * Thoth's API on the loopback interface, as far as its client uses it. What it answers is up to the
 * test; everything it is asked is kept.
 */
export class ThothStandIn {
  /** How the next analysis goes; asked once for each that is not answered from the cache. */
  answer: (request: ThothRequest) => ThothAnswer = () => ({
    kind: 'unsolvable',
    message: 'Nobody has told the stand-in what to recommend.',
  });
  /** Set, every request meets it. */
  trouble: ThothTrouble | undefined;
  readonly requests: ThothRequest[] = [];
  readonly #server: Server;
  readonly #analyses: Analyses;

  constructor({ key, cert, now = Date.now }: StandInOptions) {
    this.#analyses = new Analyses(now);
    this.#server = createServer({ key, cert }, (request, response) => {
      this.#serve(request, response).catch((error: unknown) => {
        response.writeHead(500).end(String(error));
      });
    });
  }

  /** Starts it; resolves to its host and port, as THOTH_HOST takes them. */
  async start(): Promise<string> {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
    return `127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    if (!this.#server.listening) return;
    this.#server.close();
    await once(this.#server, 'close');
  }

  /** The requests that ask for an analysis: advice, unless another kind is named. */
  asked(kind: 'advise' | 'provenance' = 'advise'): ThothRequest[] {
    const path = `/api/v1/${kind}/python`;
    return this.requests.filter((each) => each.method === 'POST' && each.path === path);
  }

  async #serve(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const request = await readRequest(incoming);
    this.requests.push(request);
    if (this.trouble !== undefined) {
      meetTrouble(this.trouble, response);
      return;
    }
    const { status, body } = answerRequest(request, this.#analyses, this.answer);
    response.writeHead(status, { 'content-type': 'application/json' });
    response.end(typeof body === 'string' ? body : JSON.stringify(body));
  }
}

function meetTrouble(trouble: ThothTrouble, response: ServerResponse): void {
  switch (trouble.kind) {
    case 'silence':
      return;
    case 'redirect':
      response.writeHead(302, { location: trouble.location }).end();
      return;
    case 'status':
      response.writeHead(trouble.status, { 'content-type': 'application/json' });
      response.end(trouble.body);
  }
}

async function readRequest(incoming: IncomingMessage): Promise<ThothRequest> {
  const url = new URL(incoming.url ?? '/', 'https://stand-in');
  return {
    method: incoming.method ?? '',
    path: url.pathname,
    query: Object.fromEntries(url.searchParams),
    headers: incoming.headers,
    body: parse(await text(incoming)),
  };
}

function parse(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}
