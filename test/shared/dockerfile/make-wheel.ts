import { crc32 } from 'node:zlib';

/** A wheel of one module: a ZIP archive that stores its files as they are. */
export function makeWheel(name: string, version: string, module: string): Buffer {
  const info = `${name}-${version}.dist-info`;
  return zip({
    [`${name}.py`]: module,
    [`${info}/METADATA`]: `Metadata-Version: 2.1\nName: ${name.replace('_', '-')}\nVersion: ${version}\n`,
    [`${info}/WHEEL`]:
      'Wheel-Version: 1.0\nGenerator: amun\nRoot-Is-Purelib: true\nTag: py3-none-any\n',
    [`${info}/RECORD`]: [`${name}.py`, `${info}/METADATA`, `${info}/WHEEL`, `${info}/RECORD`]
      .map((path) => `${path},,\n`)
      .join(''),
  });
}

/** 1 January 1980, the first day that the format knows. */
const DATE = 0x0021;

function zip(files: Readonly<Record<string, string>>): Buffer {
  const parts: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const [path, text] of Object.entries(files)) {
    const name = Buffer.from(path);
    const data = Buffer.from(text);
    const common = numbers([20, 2], [0, 2], [0, 2], [0, 2], [DATE, 2], [crc32(data), 4]);
    const sizes = numbers([data.length, 4], [data.length, 4], [name.length, 2], [0, 2]);
    directory.push(
      Buffer.concat([numbers([0x02014b50, 4], [20, 2]), common, sizes]),
      numbers([0, 2], [0, 2], [0, 2], [0, 4], [offset, 4]),
      name,
    );
    const entry = Buffer.concat([numbers([0x04034b50, 4]), common, sizes, name, data]);
    parts.push(entry);
    offset += entry.length;
  }
  const central = Buffer.concat(directory);
  const count = Object.keys(files).length;
  const end = numbers([0x06054b50, 4], [0, 4], [count, 2], [count, 2]);
  const place = numbers([central.length, 4], [offset, 4], [0, 2]);
  return Buffer.concat([...parts, central, end, place]);
}

/** Little-endian numbers, each with its width in bytes. */
function numbers(...values: [value: number, bytes: number][]): Buffer {
  return Buffer.concat(
    values.map(([value, bytes]) => {
      const buffer = Buffer.alloc(bytes);
      buffer.writeUIntLE(value, 0, bytes);
      return buffer;
    }),
  );
}
