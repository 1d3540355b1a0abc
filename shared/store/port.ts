import type { IdempotencyRecord } from '../inspection/idempotency-record.js';
import type { InspectionFilter } from '../inspection/inspection-filter.js';
import type { MatrixRecord } from '../inspection/matrix-record.js';
import type { BuildRecord, InspectionRecord } from '../inspection/record.js';

/** A document together with what compare-and-set needs to replace it. */
export interface Versioned<T> {
  readonly value: T;
  readonly version: number;
}

/** Small JSON documents under string keys, replaced with compare-and-set. */
export interface Documents<T> {
  get(key: string): Promise<Versioned<T> | undefined>;
  /** Throws AlreadyExists. */
  create(key: string, value: T): Promise<Versioned<T>>;
  /** Throws Conflict where the version is not the newest any more. */
  replace(key: string, value: T, version: number): Promise<Versioned<T>>;
  /** Where there is none: nothing. */
  remove(key: string): Promise<void>;
}

export interface ListPage {
  /** Newest first. */
  readonly ids: readonly string[];
  readonly total: number;
}

/** In order of submission: every inspection there is. */
export interface InspectionIndex {
  add(id: string): Promise<void>;
  /** `page` counts from 1. */
  list(page: number, limit: number): Promise<ListPage>;
  /** One that has no place: nothing. */
  remove(id: string): Promise<void>;
}

/** Where an inspection stands among all: later submissions first, of one moment the larger id. */
export interface Place {
  /** When it was submitted; ms since the epoch. */
  readonly created: number;
  readonly id: string;
}

/** Which part of what is found is wanted. */
export interface PageRequest {
  /** Only what comes after this place; an inspection that is there throughout has one place only. */
  readonly behind?: Place;
  /** How many of those that fit are left out first. Default 0. */
  readonly skip?: number;
  /** From 1. */
  readonly limit: number;
}

export interface FoundPage {
  /** In their order, as they were read for this page. */
  readonly records: readonly InspectionRecord[];
  /** Where the next page begins; undefined: there is nothing more. */
  readonly next: Place | undefined;
  /** How many fit the filter altogether. */
  readonly total: number;
}

/** Every inspection that has a record, findable by what the record says. */
export interface Catalogue {
  /** Knows of everything that was written, and removed, before it was asked. */
  find(filter: InspectionFilter, page: PageRequest): Promise<FoundPage>;
}

export interface InFlightEntry {
  readonly buildId: string;
  readonly inspectionId: string;
}

/** The inspections that have not ended, findable by their build. */
export interface InFlight {
  add(entry: InFlightEntry): Promise<void>;
  remove(entry: InFlightEntry): Promise<void>;
  /** All, or those of one build. */
  list(buildId?: string): Promise<InFlightEntry[]>;
  /** How many there are; one that moves to another build counts twice. */
  count(): Promise<number>;
}

/** What has a place in a queue. */
export interface QueueEntry {
  readonly id: string;
  /** True once it was noted that it is being started. */
  readonly begun: boolean;
}

/**
 * Builds, or jobs, in the order in which they came. Those at the front whose weights together fit
 * into a bound are admitted; nobody overtakes. Who comes later stands behind, and who leaves makes
 * room, so whoever is admitted stays it until it leaves: nobody has to agree on anything.
 */
export interface Queue {
  /** Takes the last place; one that has a place keeps it. `weight`: its share of the bound, from 1. */
  enter(id: string, weight: number): Promise<void>;
  /** Notes that it is being started, before it is. */
  begin(id: string): Promise<void>;
  hasBegun(id: string): Promise<boolean>;
  /** Gives its place up. None: nothing. */
  leave(id: string): Promise<void>;
  /** The first one, and those behind it as long as all weights together fit into the bound. */
  admitted(bound: number): Promise<ReadonlySet<string>>;
  /** Those admitted that have not begun, first come first. */
  due(bound: number): Promise<string[]>;
  /** 1 is next; undefined for what is admitted, or has no place. */
  position(id: string, bound: number): Promise<number | undefined>;
  /** Everything in it, in no order. */
  list(): Promise<QueueEntry[]>;
}

/** Large things under path-like keys ("<id>/build/log"), compressed at rest. */
export interface Artifacts {
  /** Replaces what is there. */
  put(key: string, content: Uint8Array | string): Promise<void>;
  get(key: string): Promise<Uint8Array | undefined>;
  remove(key: string): Promise<void>;
}

/** Everything Amun remembers. Failures of the store itself are AmunErrors with code Unavailable. */
export interface Store {
  readonly inspections: Documents<InspectionRecord>;
  readonly builds: Documents<BuildRecord>;
  readonly matrices: Documents<MatrixRecord>;
  readonly index: InspectionIndex;
  readonly catalogue: Catalogue;
  readonly inFlight: InFlight;
  /** Used only where there are bounds on builds or runs. */
  readonly queues: { readonly builds: Queue; readonly runs: Queue };
  readonly artifacts: Artifacts;
  /** By hashes of idempotency keys; kept for a day at least. */
  readonly idempotency: Documents<IdempotencyRecord>;
}
