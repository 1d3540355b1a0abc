/** The one of `names` that takes the fewest edits to get from `text`, or undefined without names. */
export function nearestName(text: string, names: readonly string[]): string | undefined {
  const wanted = normalise(text);
  let nearest: string | undefined;
  let least = Infinity;
  for (const name of names) {
    const other = normalise(name);
    // It takes one edit at least for each character that one has more than the other.
    if (Math.abs(other.length - wanted.length) >= least) continue;
    const distance = editDistance(wanted, other);
    if (distance < least) [nearest, least] = [name, distance];
  }
  return nearest;
}

/** Edits (insert, remove, replace, swap neighbours) from one text to the other. */
export function editDistance(from: string, to: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: to.length + 1 }, (_, column) => column);
  for (let row = 1; row <= from.length; row += 1) {
    const current = [row];
    for (let column = 1; column <= to.length; column += 1) {
      const same = from[row - 1] === to[column - 1];
      let best = Math.min(
        cell(last, column) + 1,
        cell(current, column - 1) + 1,
        cell(last, column - 1) + (same ? 0 : 1),
      );
      if (from[row - 1] === to[column - 2] && from[row - 2] === to[column - 1]) {
        best = Math.min(best, cell(beforeLast, column - 2) + 1);
      }
      current.push(best);
    }
    [beforeLast, last] = [last, current];
  }
  return cell(last, to.length);
}

function cell(row: readonly number[], column: number): number {
  return row[column] ?? Infinity;
}

/** Case and separators are what people get wrong first: they cost nothing. Long texts are cut. */
function normalise(text: string): string {
  return text
    .slice(0, 64)
    .toLowerCase()
    .replace(/[-_. ]/g, '');
}
