/** What a stream says of its messages. */
export interface StreamExtent {
  readonly lastSequence: number;
  readonly messages: number;
  /** Sequences that are gone though older ones are there, or that were the newest; ascending. */
  readonly deleted: readonly number[];
}

/**
 * Sequences of the messages on a page, newest first. `page` counts from 1. A message keeps its
 * place in the order, whatever was deleted around it.
 */
export function pageSequences(extent: StreamExtent, page: number, limit: number): number[] {
  const skipped = (page - 1) * limit;
  const wanted = Math.min(limit, extent.messages - skipped);
  const sequences: number[] = [];
  if (wanted <= 0) return sequences;
  let { length: gaps } = extent.deleted;
  /** Steps over what is deleted at or above a sequence, which thereby lies deeper. */
  const settle = (sequence: number): number => {
    let found = sequence;
    while (gaps > 0 && (extent.deleted[gaps - 1] ?? 0) >= found) {
      gaps -= 1;
      found -= 1;
    }
    return found;
  };
  let sequence = settle(extent.lastSequence - skipped);
  while (sequences.length < wanted && sequence > 0) {
    sequences.push(sequence);
    sequence = settle(sequence - 1);
  }
  return sequences;
}
