import type { FastifyRequest } from 'fastify';
import { AmunError } from '../../shared/errors/amun-error.js';

/** A body must be JSON, and say so or say nothing; throws UnsupportedMediaType. */
export function requireJson(request: FastifyRequest): void {
  const type = request.headers['content-type'];
  const hasBody = request.body instanceof Uint8Array && request.body.length > 0;
  if (!hasBody || type === undefined || /^application\/([\w.+-]+\+)?json\s*(;|$)/i.test(type))
    return;
  const yaml = /yaml/i.test(type)
    ? ' YAML is read by the command line client, which sends JSON.'
    : '';
  throw new AmunError(
    'UnsupportedMediaType',
    `The body is sent as "${type.slice(0, 100)}"; this API takes JSON, sent as content-type application/json.${yaml}`,
  );
}
