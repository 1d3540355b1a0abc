import { request } from 'undici';
import type { FunctionContext, FunctionEvent } from '../../../shared/http/function-contract.js';
import type { FunctionServerOptions } from '../../../services/function-host/create-function-server.js';
import { serveHandler, type ServedHandler } from './serve-handler.js';

export type Handle = (event: FunctionEvent, context: FunctionContext) => unknown;

export interface CallOptions {
  readonly method?: string;
  readonly headers?: Record<string, string>;
  readonly body?: string | Buffer;
}

export interface Result {
  readonly status: number;
  readonly type: string | undefined;
  readonly headers: Record<string, string | string[] | undefined>;
  readonly text: string;
}

/** One served function whose handler each test says anew. */
export class CallableHandler {
  handle: Handle = () => undefined;
  #served: ServedHandler | undefined;

  get served(): ServedHandler {
    if (this.#served === undefined) throw new Error('not open');
    return this.#served;
  }

  async open(options: Partial<FunctionServerOptions>): Promise<void> {
    this.#served = await serveHandler(
      (event, context) => Promise.resolve().then(() => this.handle(event, context)),
      options,
    );
  }

  async call(path = '/', options: CallOptions = {}): Promise<Result> {
    const { statusCode, headers, body } = await request(`${this.served.url}${path}`, {
      method: (options.method ?? 'POST') as 'POST',
      headers: options.headers ?? {},
      body: options.body ?? null,
    });
    const type = headers['content-type'] as string | undefined;
    return { status: statusCode, type, headers, text: await body.text() };
  }

  /** What the handler gets of a request. */
  async eventOf(path = '/', options: CallOptions = {}): Promise<FunctionEvent> {
    let seen: FunctionEvent | undefined;
    this.handle = (event) => void (seen = event);
    await this.call(path, options);
    return seen!;
  }
}
