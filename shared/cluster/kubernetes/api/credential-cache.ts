import * as http from 'node:http';
import * as https from 'node:https';
import { createSecureContext } from 'node:tls';
import type { Access, Credentials } from './access.js';

/** Credentials, and the agents that hold the connections made with them. */
export interface Session {
  readonly headers: Readonly<Record<string, string>>;
  /** For calls: as many connections at once as an API server takes well. */
  readonly calls: http.Agent;
  /** For watches and logs, which last: they must not take calls' places. */
  readonly streams: http.Agent;
}

/** Tokens in files are renewed long before they expire; the kubelet does so within a minute. */
const FRESH_MS = 60_000;
const MAX_CALLS = 32;
/** Shorter than what servers and load balancers wait before they close an idle connection. */
const IDLE_CONNECTION_MS = 30_000;

/** Remembers credentials for a minute, and keeps connections for as long as TLS settings last. */
export class CredentialCache {
  private session: Session | undefined;
  private tls = '';
  private readAt = 0;
  private reading: Promise<Session> | undefined;

  constructor(private readonly access: Access) {}

  /**
   * What to call with now.
   *
   * @param refused what the server answered 401 to; the same comes back where there is nothing newer
   */
  async get(refused?: Session): Promise<Session> {
    const { session } = this;
    const isFresh = Date.now() - this.readAt < FRESH_MS;
    if (session !== undefined && session !== refused && isFresh) return session;
    this.reading ??= this.read(refused !== undefined).finally(() => (this.reading = undefined));
    return await this.reading;
  }

  /** Closes idle connections; what is under way goes on. */
  close(): void {
    for (const agent of [this.session?.calls, this.session?.streams]) {
      for (const sockets of Object.values(agent?.freeSockets ?? {})) {
        for (const socket of sockets ?? []) socket.destroy();
      }
    }
  }

  private async read(refused: boolean): Promise<Session> {
    const { session } = this;
    const credentials = await this.access.read(refused);
    this.readAt = Date.now();
    const tls = JSON.stringify(credentials.tls);
    const isSameTls = session !== undefined && tls === this.tls;
    const isSame =
      isSameTls && JSON.stringify(session.headers) === JSON.stringify(credentials.headers);
    if (isSame) return session;
    // Agents that are left behind close their connections by themselves once these are idle.
    const agents = isSameTls ? session : this.createAgents(credentials);
    this.tls = tls;
    this.session = {
      headers: credentials.headers,
      calls: agents.calls,
      streams: agents.streams,
    };
    return this.session;
  }

  private createAgents({ tls, agent }: Credentials): Pick<Session, 'calls' | 'streams'> {
    if (agent !== undefined) return { calls: agent, streams: agent };
    const { Agent } = this.access.url.startsWith('https:') ? https : http;
    const { ca, cert, key, ...others } = tls;
    // Read once: an agent would compare the texts with every request.
    const secureContext = createSecureContext({ ca, cert, key });
    const settings = { ...others, secureContext, keepAlive: true, timeout: IDLE_CONNECTION_MS };
    return {
      calls: new Agent({ ...settings, maxSockets: MAX_CALLS }),
      streams: new Agent(settings),
    };
  }
}
