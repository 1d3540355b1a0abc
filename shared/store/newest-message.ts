import type { MsgHdrs } from '@nats-io/transport-node';
import type { JetStream } from '../jetstream/jetstream.js';
import type { Bucket } from './store-streams.js';

/** The newest message of a subject. */
export interface NewestMessage {
  readonly seq: number;
  readonly data: Uint8Array;
  readonly header: MsgHdrs;
}

/** Reads it, or undefined where there is none. `doing` begins an error's sentence. */
export async function readNewest(
  jetstream: JetStream,
  { stream }: Bucket,
  subject: string,
  doing: string,
): Promise<NewestMessage | undefined> {
  const query = { last_by_subj: subject };
  const found = await jetstream.run(stream, doing, (manager) =>
    // The direct way is the faster one, but in a cluster any copy may answer, also one that is a
    // moment behind: there the leader is asked.
    stream.replicas === 1
      ? manager.direct.getMessage(stream.name, query)
      : manager.streams.getMessage(stream.name, query),
  );
  return found ?? undefined;
}

/** Headers of what is left in the place of a document that was removed, as `nats kv del` does it. */
export const MARKER: Readonly<Record<string, string>> = { 'KV-Operation': 'DEL' };

/** True for such a marker. */
export function isMarker(message: { readonly header: MsgHdrs }): boolean {
  return message.header.has('KV-Operation');
}
