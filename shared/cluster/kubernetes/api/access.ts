import type { Agent } from 'node:http';

/** What opens a TLS connection: PEM texts, and how the server's certificate is judged. */
export interface TlsSettings {
  readonly ca?: string;
  readonly cert?: string;
  readonly key?: string;
  readonly servername?: string;
  readonly rejectUnauthorized?: boolean;
}

/** What an API server accepts at the moment. */
export interface Credentials {
  readonly headers: Readonly<Record<string, string>>;
  readonly tls: TlsSettings;
  /** Makes the connections instead of an agent of ours: the way through a proxy. */
  readonly agent?: Agent;
}

/** The way to an API server. */
export interface Access {
  /** http or https; may have a path that goes before all others; no "/" at its end. */
  readonly url: string;
  /** The namespace that the credentials come with, if they say one. */
  readonly namespace: string | undefined;
  /**
   * Credentials as they are now: tokens rotate.
   *
   * @param refused the server did not accept the last ones: whatever is remembered is worth nothing
   */
  read(refused: boolean): Promise<Credentials>;
}
