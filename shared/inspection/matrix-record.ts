/** One variation of a matrix, and the inspection that carries it out. */
export interface MatrixMember {
  readonly name: string;
  readonly inspectionId: string;
}

/** The stored state of a matrix: which inspections belong to it. Times are ISO 8601, UTC. */
export interface MatrixRecord {
  readonly id: string;
  readonly created: string;
  /** In the order of the variations; the others are compared with the first. */
  readonly members: readonly MatrixMember[];
  /** When the last of its inspections was accepted; absent while some may be missing. */
  readonly submitted?: string;
}
