const NAMES = new Map([
  [0x1c, 'c'],
  [0x1d, 'd'],
  [0x1f, 'f'],
]);

/** A line of a run's log, as entrypoint/lines.sh describes it. */
export function writeLine(bytes: Uint8Array, kind: 'text' | 'base64'): Buffer {
  if (kind === 'base64') return Buffer.from(`\x1fB${Buffer.from(bytes).toString('base64')}\n`);
  const parts = [...bytes].map((byte) => {
    const name = NAMES.get(byte);
    if (name !== undefined) return `\x1f${name}`;
    return byte === 0x0a ? '\x1d' : byte === 0x0d ? '\x1c' : String.fromCharCode(byte);
  });
  return Buffer.from(`\x1fT${parts.join('')}\n`, 'latin1');
}
