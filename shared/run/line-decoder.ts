import { Base64Decoder } from './base64-decoder.js';

const NEWLINE = 0x0a;
const RETURN = 0x0d;
/** In the place of a return, and of a newline. */
const FS = 0x1c;
const GS = 0x1d;
/** Begins what takes two bytes. */
const US = 0x1f;
const TEXT = 0x54;
const BASE64 = 0x42;
/** What follows US where the run wrote FS, GS or US itself. */
const NAMED: Readonly<Record<number, number>> = { 0x63: FS, 0x64: GS, 0x66: US };

/**
 * Gives back a log that came in lines of ours, as entrypoint/lines.sh describes them: `<US>T` and
 * text, or `<US>B` and base64. Pieces may end anywhere; nothing that may come makes it throw. What a
 * killed writer left half done ends where the next line begins.
 */
export class LineDecoder {
  #afterUs = false;
  #base64: Base64Decoder | undefined;

  /** True where nothing is half read: what comes next stands for itself. */
  get isClean(): boolean {
    return !this.#afterUs && this.#base64 === undefined;
  }

  decode(piece: Buffer): Buffer {
    // What comes out is never longer than what goes in, but for a quantum held back by base64.
    const output = Buffer.allocUnsafe(piece.length + 4);
    let written = 0;
    for (let at = 0; at < piece.length; at += 1) {
      if (this.#base64 !== undefined) {
        const end = this.#base64.findEnd(piece, at);
        written += this.#base64.decode(piece.subarray(at, end), output.subarray(written));
        if (end === piece.length) break;
        this.#base64 = undefined;
        at = end;
      }
      if (!this.#afterUs) {
        const copied = copyText(piece, at, output, written);
        written += copied;
        at += copied;
        if (at === piece.length) break;
      }
      const byte = piece[at] ?? NEWLINE;
      if (byte === NEWLINE || byte === RETURN) continue;
      if (!this.#afterUs) {
        this.#afterUs = true;
        continue;
      }
      this.#afterUs = false;
      const named = NAMED[byte];
      if (named !== undefined) output[written++] = named;
      else if (byte === BASE64) this.#base64 = new Base64Decoder();
      // Half of a pair whose writer was killed: what follows stands for itself.
      else if (byte !== TEXT) at -= 1;
    }
    return output.subarray(0, written);
  }
}

/** Copies text up to the first byte that stands for nothing by itself; how many bytes. */
function copyText(piece: Buffer, from: number, output: Buffer, to: number): number {
  let at = from;
  for (; at < piece.length; at += 1) {
    const byte = piece[at] ?? US;
    if (byte > US) output[to + at - from] = byte;
    else if (byte === US || byte === NEWLINE || byte === RETURN) break;
    else output[to + at - from] = byte === GS ? NEWLINE : byte === FS ? RETURN : byte;
  }
  return at - from;
}

/**
 * Whether a log whose beginning is lost is in lines of ours: true or false once a line's beginning
 * has been seen, undefined before.
 */
export function isInLines(bytes: Buffer): boolean | undefined {
  if (beginsLine(bytes, 0)) return true;
  const next = bytes.indexOf(NEWLINE) + 1;
  return next === 0 || next + 1 >= bytes.length ? undefined : beginsLine(bytes, next);
}

function beginsLine(bytes: Buffer, at: number): boolean {
  return bytes[at] === US && (bytes[at + 1] === TEXT || bytes[at + 1] === BASE64);
}
