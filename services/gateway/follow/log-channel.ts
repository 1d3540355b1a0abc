/** A piece of a log, and where it lies: bytes from the log's beginning. */
export interface LogPiece {
  readonly from: number;
  readonly to: number;
  /** The text as JSON, made once for all followers. */
  readonly json: string;
}

/** What a piece takes besides its text. */
const PIECE_OVERHEAD = 200;

/** The memory that a piece takes, about, in characters. */
export function sizeOfPiece({ json }: LogPiece): number {
  return json.length + PIECE_OVERHEAD;
}

/**
 * One log as far as it was read: its newest pieces, one behind the other. Pieces end between
 * characters, where another reading of the same log may not have ended.
 */
export class LogChannel {
  /** True once nothing comes behind the end. */
  complete = false;
  #end: number;
  #wasRead = false;
  readonly #pieces = new Map<number, LogPiece>();

  /** @param from where reading begins */
  constructor(from: number) {
    this.#end = from;
  }

  /** As far as the log was read. */
  get end(): number {
    return this.#end;
  }

  /**
   * Somebody wants it from here on: while nothing was read that can be had for nothing. True where
   * there is more to be read for that.
   */
  wantFrom(position: number): boolean {
    if (this.#wasRead || position >= this.#end) return false;
    this.#end = position;
    this.complete = false;
    return true;
  }

  /** Takes what was read behind `end`; undefined where that was nothing. */
  append(to: number, text: string): LogPiece | undefined {
    if (to <= this.#end) return undefined;
    const piece = { from: this.#end, to, json: JSON.stringify(text) };
    this.#pieces.set(piece.from, piece);
    this.#end = to;
    this.#wasRead = true;
    return piece;
  }

  forget(piece: LogPiece): void {
    this.#pieces.delete(piece.from);
  }

  /** The piece that begins at the position. */
  pieceAt(position: number): LogPiece | undefined {
    return this.#pieces.get(position);
  }

  /**
   * How far somebody at `position` has to read by itself, to be where one of the pieces kept
   * begins; undefined where it need not.
   */
  aheadOf(position: number): number | undefined {
    if (position >= this.#end || this.#pieces.has(position)) return undefined;
    for (const { to } of this.#pieces.values()) if (to > position) return to;
    return this.#end;
  }
}
