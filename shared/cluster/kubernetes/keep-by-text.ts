const MOST_KEPT = 64;

/**
 * Keeps what was made of the texts met last: few differ, and the same ones come again with each
 * request and each event.
 */
export function keepByText<Value>(make: (text: string) => Value): (text: string) => Value {
  const kept = new Map<string, Value>();
  return (text) => {
    const known = kept.get(text);
    if (known !== undefined) return known;
    const made = make(text);
    if (kept.size >= MOST_KEPT) kept.clear();
    kept.set(text, made);
    return made;
  };
}
