import type { ClusterRef, WatchEvent } from '../port.js';
import { RefMap } from '../ref-map.js';
import { WakeUp } from '../wake-up.js';
import type { Seen } from './cluster-view.js';
import type { OwnerSeen } from './observe/parse-owner.js';

/** An object as it counts for a build or job: the owner itself, or one that belongs to it. */
export type Piece<Part> =
  | { readonly owner: OwnerSeen }
  | { readonly ref: ClusterRef; readonly name: string; readonly part: Part };

/** One build or job as the watches have shown it so far. */
interface Known<Part> {
  readonly ref: ClusterRef;
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
  private readonly known = new RefMap<Known<Part>>();
  /** Where each object is, by its uid: of one that vanished unseen nothing else is known. */
  private readonly places = new Map<string, { readonly of: ClusterRef; readonly name?: string }>();
  private changed = new Set<Known<Part>>();
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
    const { ref } = 'owner' in piece ? piece.owner : piece;
    const before = this.places.get(uid)?.of;
    // Somebody changed its labels.
    if (before !== undefined && !isSame(before, ref)) this.gone(uid);
    const known = this.change(ref);
    if ('owner' in piece) {
      this.places.set(uid, { of: known.ref });
      known.owner = piece.owner;
    } else {
      this.places.set(uid, { of: known.ref, name: piece.name });
      known.parts.set(piece.name, piece.part);
    }
  }

  /** The object is there no more. */
  gone(uid: string): void {
    const place = this.places.get(uid);
    if (place === undefined) return;
    this.places.delete(uid);
    const known = this.change(place.of);
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

  takeChanged(): ClusterRef[] {
    const refs = [...this.changed].map(({ ref }) => ref);
    this.changed = new Set();
    return refs;
  }

  /** The event for what has changed; undefined where that is nothing worth telling. */
  async tell(ref: ClusterRef, observe: Observe<Part>): Promise<WatchEvent | undefined> {
    const known = this.known.get(ref);
    if (known === undefined) return undefined;
    if (known.owner === undefined) {
      if (known.parts.size === 0) this.known.delete(ref);
      if (known.told === undefined) return undefined;
      delete known.told;
      return { kind: 'gone', ref: known.ref };
    }
    const seen = await observe(known.owner, [...known.parts.values()]);
    const told = `${known.owner.uid}|${signatureOf(seen)}`;
    if (told === known.told) return undefined;
    known.told = told;
    return { ...seen, id: known.ref.id };
  }

  private change(ref: ClusterRef): Known<Part> {
    const known: Known<Part> = this.known.get(ref) ?? { ref, parts: new Map() };
    this.known.set(ref, known);
    this.changed.add(known);
    this.changes.ring();
    return known;
  }
}

function isSame(one: ClusterRef, other: ClusterRef): boolean {
  return one.kind === other.kind && one.id === other.id;
}

/** What makes one observation news after another: states, reasons, and words for what waits. */
function signatureOf({ observation }: Seen): string {
  const { state, reason, message, stalled } = observation;
  const runs = 'runs' in observation ? observation.runs.map((run) => run.state).join() : '';
  return [state, reason, message, stalled, runs].join('|');
}
