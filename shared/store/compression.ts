import { promisify } from 'node:util';
import { gunzip, gunzipSync, gzip, gzipSync } from 'node:zlib';

/** As small as higher levels make logs, within a few percent, in a third of their time. */
const LEVEL = 3;
/** Below this, handing the work to another thread takes several times as long as doing it. */
const SMALL_BYTES = 16 * 1024;

const gzipElsewhere = promisify(gzip);
const gunzipElsewhere = promisify(gunzip);

/** gzip; large content without blocking this thread. */
export async function compress(content: Uint8Array): Promise<Uint8Array> {
  if (content.byteLength <= SMALL_BYTES) return gzipSync(content, { level: LEVEL });
  return gzipElsewhere(content, { level: LEVEL });
}

/**
 * The content again, of exactly that size; gzip's checksum tells that it is the same. Throws where
 * it is not, and before more than that size has been unpacked.
 */
export async function decompress(packed: Uint8Array, size: number): Promise<Uint8Array> {
  const options = { maxOutputLength: Math.max(1, size) };
  const content =
    size <= SMALL_BYTES ? gunzipSync(packed, options) : await gunzipElsewhere(packed, options);
  if (content.byteLength !== size) throw new RangeError('it is shorter than it was');
  return content;
}
