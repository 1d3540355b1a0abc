/** The most of a log that one answer carries when it is followed, bytes. */
export const MAX_SLICE = 1024 * 1024;

/** A piece of a byte stream as text, and where the next piece begins. */
export interface TextSlice {
  readonly text: string;
  /** Bytes from the stream's beginning. */
  readonly next: number;
}

/**
 * Decodes what begins at `offset`, at most 1 MiB of it. A character that is cut at the end is left
 * for the next slice, unless the bytes `ended` there.
 */
export function sliceText(bytes: Uint8Array, offset: number, ended: boolean): TextSlice {
  const stop = Math.min(bytes.byteLength, offset + MAX_SLICE);
  const whole = ended && stop === bytes.byteLength;
  const end = whole ? stop : stop - cutTail(bytes.subarray(offset, stop));
  return {
    text: Buffer.from(bytes.subarray(offset, end)).toString('utf8'),
    next: Math.max(offset, end),
  };
}

/** Bytes at the end that begin a UTF-8 character without ending it: 0 to 3. */
function cutTail(bytes: Uint8Array): number {
  for (let back = 1; back <= Math.min(3, bytes.byteLength); back += 1) {
    const byte = bytes[bytes.byteLength - back] ?? 0;
    if ((byte & 0xc0) === 0x80) continue;
    const length = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : byte >= 0xc0 ? 2 : 1;
    return length > back ? back : 0;
  }
  return 0;
}
