import { keyOf } from '../key-of.js';
import type { ClusterRef, WatchEvent } from '../port.js';
import { WakeUp } from '../wake-up.js';
import type { Seen } from './cluster-view.js';
import type { OwnerSeen } from './observe/parse-owner.js';

/** An object as it counts for a build or job: the owner itself, or one that belongs to it. */
export type Piece<Part> =
  | { readonly owner: OwnerSeen }
  | { readonly ref: ClusterRef; readonly name: string; readonly part: Part };

/** One build or job as the watches have shown it so far. */
interface Known<Part> {
  owner?: OwnerSeen;
  readonly parts: Map<string, Part>;
  /** What was told of it last, so that it is told again only where something is new. */
  told?: string;
}

/** Turns an owner and what belongs to it into an observation. */
export type Observe<Part> = (owner: OwnerSeen, parts: readonly Part[]) => Promise<Seen>;

/** Everything of ours, by build and job, put together from `kinds` watches. */
export class Picture<Part> {
  readonly changes = new WakeUp();
  private readonly known = new Map<string, Known<Part>>();
  /** Where each object is, by its uid: of one that vanished unseen nothing else is known. */
  private readonly places = new Map<string, { readonly key: string; readonly name?: string }>();
  private changed = new Set<string>();
  private readonly listed = new Set<number>();
  private failure: { readonly error: unknown } | undefined;

  constructor(private readonly kinds: number) {}

  /** True once every kind has been listed. */
  get isListed(): boolean {
    return this.listed.size === this.kinds;
  }

  noteListed(kind: number): void {
    this.listed.add(kind);
    this.changes.ring();
  }

  /** The object is there, anew or changed. */
  present(uid: string, piece: Piece<Part>): void {
    const known = this.places.get(uid);
    // Somebody changed its labels.
    if (known !== undefined && known.key !== keyOf(refOfPiece(piece))) this.gone(uid);
    if ('owner' in piece) {
      const key = keyOf(piece.owner.ref);
      this.places.set(uid, { key });
      this.change(key).owner = piece.owner;
    } else {
      const key = keyOf(piece.ref);
      this.places.set(uid, { key, name: piece.name });
      this.change(key).parts.set(piece.name, piece.part);
    }
  }

  /** The object is there no more. */
  gone(uid: string): void {
    const place = this.places.get(uid);
    if (place === undefined) return;
    this.places.delete(uid);
    const known = this.change(place.key);
    if (place.name !== undefined) known.parts.delete(place.name);
    else if (known.owner?.uid === uid) delete known.owner;
  }

  fail(error: unknown): void {
    this.failure = { error };
    this.changes.ring();
  }

  rethrow(): void {
    if (this.failure !== undefined) throw this.failure.error;
  }

  takeChanged(): string[] {
    const keys = [...this.changed];
    this.changed = new Set();
    return keys;
  }

  /** The event for what has changed; undefined where that is nothing worth telling. */
  async tell(key: string, observe: Observe<Part>): Promise<WatchEvent | undefined> {
    const known = this.known.get(key);
    if (known === undefined) return undefined;
    const ref = refOf(key);
    if (known.owner === undefined) {
      if (known.parts.size === 0) this.known.delete(key);
      if (known.told === undefined) return undefined;
      delete known.told;
      return { kind: 'gone', ref };
    }
    const seen = await observe(known.owner, [...known.parts.values()]);
    const told = `${known.owner.uid}|${signatureOf(seen)}`;
    if (told === known.told) return undefined;
    known.told = told;
    return { ...seen, id: ref.id };
  }

  private change(key: string): Known<Part> {
    const known: Known<Part> = this.known.get(key) ?? { parts: new Map() };
    this.known.set(key, known);
    this.changed.add(key);
    this.changes.ring();
    return known;
  }
}

function refOfPiece(piece: Piece<unknown>): ClusterRef {
  return 'owner' in piece ? piece.owner.ref : piece.ref;
}

function refOf(key: string): ClusterRef {
  const [kind, id = ''] = key.split('/');
  return { kind: kind === 'build' ? 'build' : 'job', id };
}

/** What makes one observation news after another: states, reasons, and words for what waits. */
function signatureOf({ observation }: Seen): string {
  const { state, reason, message, stalled } = observation;
  const runs = 'runs' in observation ? observation.runs.map((run) => run.state).join() : '';
  return [state, reason, message, stalled, runs].join('|');
}
