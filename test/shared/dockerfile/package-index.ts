import { createHash } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { makeWheel } from './make-wheel.js';

const NAME = 'amun-sample';

const WHEEL = makeWheel('amun_sample', '1.0', 'GREETING = "from the second index"\n');

const FILE = 'amun_sample-1.0-py3-none-any.whl';

/** A package index on the loopback, without TLS, with one package that no other index has. */
export class PackageIndex {
  /** The entry of its package in a Pipfile.lock, but for the index it is to come from. */
  readonly lockEntry = { version: '==1.0', hashes: [`sha256:${sha256(WHEEL)}`] };
  readonly name = NAME;
  readonly requested: string[] = [];
  readonly #server: Server;
  #otherIndex: string | undefined;

  constructor() {
    this.#server = createServer((request, response) => {
      const path = request.url ?? '';
      this.requested.push(path);
      if (path.endsWith(FILE)) {
        response.end(WHEEL);
      } else if (path.startsWith(`/simple/${NAME}`)) {
        response.setHeader('content-type', 'text/html');
        response.end(`<a href="/${FILE}#sha256=${sha256(WHEEL)}">${FILE}</a>`);
      } else if (this.#otherIndex !== undefined && path.startsWith('/simple/')) {
        response.writeHead(302, { location: path.replace('/simple', this.#otherIndex) }).end();
      } else {
        response.writeHead(404).end();
      }
    });
  }

  /** Starts it and gives its URL. */
  async start(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/simple`;
  }

  /** From now on it sends those who ask for other packages to another index, as a mirror does. */
  mirror(otherIndex: string): void {
    this.#otherIndex = otherIndex.replace(/\/$/, '');
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}

function sha256(data: Uint8Array): string {
  return createHash('sha256').update(data).digest('hex');
}
