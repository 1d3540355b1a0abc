import { promisify } from 'node:util';
import zlib from 'node:zlib';
import { AmunError } from '../../shared/errors/amun-error.js';
import { describeLimit } from '../../shared/http/read-body.js';

const DECODERS = {
  gzip: promisify<Buffer, zlib.ZlibOptions, Buffer>(zlib.gunzip),
  deflate: promisify<Buffer, zlib.ZlibOptions, Buffer>(zlib.inflate),
  br: promisify<Buffer, zlib.BrotliOptions, Buffer>(zlib.brotliDecompress),
} as const;

/**
 * Undoes a content-encoding, as the template's body parser does; throws UnsupportedMediaType for
 * an unknown one, TooLarge where more than `limit` bytes come out, InvalidRequest for broken data.
 */
export async function inflateBody(
  body: Buffer,
  encoding: string | undefined,
  limit: number,
): Promise<Buffer> {
  const name = encoding?.trim().toLowerCase() ?? 'identity';
  if (name === 'identity' || name === '') return body;
  if (!Object.hasOwn(DECODERS, name)) {
    throw new AmunError(
      'UnsupportedMediaType',
      `Content-encoding "${name}" is not known here; use gzip, deflate or br, or none.`,
    );
  }
  try {
    return await DECODERS[name as keyof typeof DECODERS](body, { maxOutputLength: limit });
  } catch (error) {
    if ((error as { code?: unknown }).code === 'ERR_BUFFER_TOO_LARGE') {
      throw new AmunError('TooLarge', describeLimit(limit), { cause: error });
    }
    throw new AmunError('InvalidRequest', `The request's body is not valid ${name}.`, {
      cause: error,
    });
  }
}
