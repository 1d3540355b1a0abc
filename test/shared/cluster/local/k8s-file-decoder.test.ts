import fc from 'fast-check';
import { K8sFileDecoder } from '../../../../shared/cluster/local/k8s-file-decoder.js';

const TIME = '2024-05-01T12:00:00.038524086+02:00';

/** As conmon writes it: lines, and parts of lines where its buffer ended. */
function encode(parts: readonly Buffer[]): Buffer {
  const lines = parts.map((part) => {
    const isFull = part.at(-1) === 0x0a;
    const content = isFull ? part.subarray(0, -1) : part;
    const head = Buffer.from(`${TIME} stdout ${isFull ? 'F' : 'P'} `);
    return Buffer.concat([head, content, Buffer.from('\n')]);
  });
  return Buffer.concat(lines);
}

/** Breaks behind each line's end, as conmon does. */
function split(bytes: Buffer): Buffer[] {
  const parts: Buffer[] = [];
  for (let start = 0; start < bytes.length;) {
    const end = bytes.indexOf(0x0a, start);
    const next = end < 0 ? bytes.length : end + 1;
    parts.push(bytes.subarray(start, next));
    start = next;
  }
  return parts;
}

describe('the k8s-file decoder', () => {
  it('gives back every byte, however the file is cut', () => {
    const byte = fc.oneof(fc.constantFrom(0x0a, 0x20, 0x00, 0x46, 0x50), fc.nat(255));
    fc.assert(
      fc.property(
        fc.array(byte, { maxLength: 300 }),
        fc.integer({ min: 1, max: 50 }),
        (all, size) => {
          const bytes = Buffer.from(all);
          const encoded = encode(split(bytes));
          const decoder = new K8sFileDecoder();
          const decoded: Buffer[] = [];
          for (let at = 0; at < encoded.length; at += size) {
            decoded.push(Buffer.from(decoder.decode(encoded.subarray(at, at + size))));
          }
          expect(Buffer.concat(decoded).equals(bytes)).toBe(true);
        },
      ),
    );
  });

  it('joins the parts of a line', () => {
    const text = `${TIME} stdout P one \n${TIME} stdout P two\n${TIME} stdout F \n${TIME} stderr F x\n`;
    expect(new K8sFileDecoder().decode(Buffer.from(text)).toString()).toBe('one two\nx\n');
  });

  it('passes over what is no line of conmon', () => {
    expect(new K8sFileDecoder().decode(Buffer.from('nonsense\n\n')).toString()).toBe('');
  });
});
