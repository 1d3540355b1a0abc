import { MAX_SLICE, sliceText, type TextSlice } from './text-slice.js';

/** The part of a stream that one answer carries: from an offset on, as much as a slice takes. */
export class StreamWindow {
  private readonly kept: Uint8Array[] = [];
  private keptSize = 0;
  private readonly room: number;

  /**
   * All in bytes from the stream's beginning.
   *
   * @param to where the window ends, however much a slice takes
   * @param total where what is added begins
   */
  constructor(
    private readonly from: number,
    private readonly to = Infinity,
    private total = 0,
  ) {
    this.room = Math.max(0, Math.min(MAX_SLICE, to - from));
  }

  /** True once nothing that is added can be in the window any more. */
  get isFull(): boolean {
    return this.room > 0 && this.keptSize === this.room;
  }

  /** To be called with the stream's bytes in order; they may be used again afterwards. */
  add(bytes: Uint8Array): void {
    const start = Math.max(0, this.from - this.total);
    this.total += bytes.byteLength;
    const piece = bytes.subarray(start, start + this.room - this.keptSize);
    if (piece.byteLength === 0) return;
    this.kept.push(piece.slice());
    this.keptSize += piece.byteLength;
  }

  /** What is in the window, as text; `ended` where nothing will be added. */
  read(ended: boolean): TextSlice & { readonly complete: boolean } {
    const end = this.from + this.keptSize;
    const isLast = ended && end >= this.total;
    // Whoever reads up to a place goes on behind it, so even half a character belongs to this slice.
    const { text, next } = sliceText(Buffer.concat(this.kept), 0, isLast || end >= this.to);
    return { text, next: this.from + next, complete: isLast };
  }
}
