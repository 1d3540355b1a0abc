import { AmunError } from '../../shared/errors/amun-error.js';

/** Fastify's own refusals, told in our words. */
const FASTIFY_REFUSALS: Readonly<Record<string, AmunError>> = {
  FST_ERR_CTP_INVALID_MEDIA_TYPE: new AmunError(
    'UnsupportedMediaType',
    'The content-type is no media type; write application/json.',
  ),
  FST_ERR_BAD_URL: new AmunError('InvalidRequest', 'The path is not validly percent-encoded.'),
};

/** Any error of a request as an AmunError; what nobody raised on purpose becomes Internal. */
export function translateError(error: unknown): AmunError {
  if (error instanceof AmunError) return error;
  const { code, statusCode } = error as { code?: unknown; statusCode?: unknown };
  const known = typeof code === 'string' ? FASTIFY_REFUSALS[code] : undefined;
  if (known !== undefined) return known;
  if (typeof statusCode === 'number' && statusCode >= 400 && statusCode < 500) {
    return new AmunError('InvalidRequest', 'The request is not valid HTTP as it is served here.', {
      cause: error,
    });
  }
  return new AmunError('Internal', 'The gateway made a mistake; its log has the details.', {
    cause: error,
  });
}
