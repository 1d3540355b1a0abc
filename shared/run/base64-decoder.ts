/** The characters' values; NOT_ONE where a byte is none of them. */
const VALUES = new Uint8Array(256).fill(0xff);
const NOT_ONE = 0xff;
const PAD = 0x3d;
const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
for (const [value, character] of Buffer.from(ALPHABET).entries()) VALUES[character] = value;

/** Decodes base64 that comes in pieces cut anywhere. A quantum that is never finished is dropped. */
export class Base64Decoder {
  #bits = 0;
  #count = 0;

  /** Where the first byte from `at` on is that is no base64; the piece's length where there is none. */
  findEnd(piece: Buffer, at: number): number {
    let end = at;
    while (end < piece.length) {
      const byte = piece[end] ?? 0;
      if (VALUES[byte] === NOT_ONE && byte !== PAD) break;
      end += 1;
    }
    return end;
  }

  /** Writes the bytes of `piece` to `output`, at most as many as it has characters; how many. */
  decode(piece: Buffer, output: Buffer): number {
    let written = 0;
    for (const character of piece) {
      const value = VALUES[character] ?? NOT_ONE;
      if (value === NOT_ONE) continue;
      this.#bits = ((this.#bits << 6) | value) & 0xffff;
      this.#count += 6;
      if (this.#count < 8) continue;
      this.#count -= 8;
      output[written++] = (this.#bits >> this.#count) & 0xff;
    }
    return written;
  }
}
