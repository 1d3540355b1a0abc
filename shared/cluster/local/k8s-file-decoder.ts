const SPACE = 0x20;
const NEWLINE = 0x0a;
const FULL_LINE = 0x46;
const NOTHING = Buffer.alloc(0);
const SHORT = 48;

/**
 * Takes a log in conmon's k8s-file format apart ("<time> <stream> <F|P> <content>\n" for each line,
 * P where the line goes on) and gives back the bytes that the container wrote, both streams in
 * their order. Pieces may end anywhere.
 */
export class K8sFileDecoder {
  /** The beginning of a line whose end has not come yet. */
  private rest: Buffer = NOTHING;
  /** Of the last line's time, stream and mark. */
  private headLength = 0;

  /** What the container wrote, as far as the lines are complete. */
  decode(piece: Buffer): Buffer {
    const input = this.rest.length === 0 ? piece : Buffer.concat([this.rest, piece]);
    // What comes out is shorter than what goes in: each line loses its head.
    const output = Buffer.allocUnsafe(input.length);
    let written = 0;
    let start = 0;
    for (;;) {
      const end = input.indexOf(NEWLINE, start);
      if (end < 0) break;
      const content = this.contentStart(input, start, end);
      const isFull = content >= 2 && input[content - 2] === FULL_LINE;
      written = append(output, written, input, content, isFull ? end + 1 : end);
      start = end + 1;
    }
    this.rest = Buffer.from(input.subarray(start));
    return output.subarray(0, written);
  }

  /** Heads are nearly always as long as the one before, so that is tried first. */
  private contentStart(input: Buffer, start: number, end: number): number {
    const expected = start + this.headLength;
    if (
      this.headLength > 0 &&
      expected <= end &&
      input[expected - 1] === SPACE &&
      input[expected - 3] === SPACE &&
      input[expected - 10] === SPACE
    ) {
      return expected;
    }
    const found = behindThirdSpace(input, start, end);
    if (found < end) this.headLength = found - start;
    return found;
  }
}

/** Copies a range and says where the next goes; a call for a few bytes costs more than a loop. */
function append(output: Buffer, at: number, input: Buffer, from: number, to: number): number {
  if (to - from > SHORT) return at + input.copy(output, at, from, to);
  let next = at;
  for (let index = from; index < to; index += 1) output[next++] = input[index] ?? 0;
  return next;
}

/** The line's end where there are fewer. */
function behindThirdSpace(input: Buffer, start: number, end: number): number {
  let at = start;
  for (let spaces = 0; spaces < 3; spaces += 1) {
    const space = input.indexOf(SPACE, at);
    if (space < 0 || space >= end) return end;
    at = space + 1;
  }
  return at;
}
