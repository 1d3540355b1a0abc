import { sizeOfPiece, type LogChannel, type LogPiece } from './log-channel.js';

export interface Shelved {
  readonly channel: LogChannel;
  readonly piece: LogPiece;
}

/** Pieces of one feed in the order in which they came, so that the oldest can be let go. */
export class PieceShelf {
  readonly #pieces: Shelved[] = [];
  #size = 0;

  /** @param limit characters; the newest piece is kept however large it is */
  constructor(private readonly limit: number) {}

  get isOverfull(): boolean {
    return this.#size > this.limit && this.#pieces.length > 1;
  }

  add(shelved: Shelved): void {
    this.#pieces.push(shelved);
    this.#size += sizeOfPiece(shelved.piece);
  }

  /** Lets the oldest pieces go until the others fit. */
  trim(): void {
    while (this.isOverfull) {
      const oldest = this.#pieces.shift();
      if (oldest === undefined) return;
      oldest.channel.forget(oldest.piece);
      this.#size -= sizeOfPiece(oldest.piece);
    }
  }
}
