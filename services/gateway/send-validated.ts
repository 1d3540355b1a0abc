import type { FastifyReply } from 'fastify';
import { validate } from '../../shared/http/conditional.js';

/** Sends content with its ETag, or 304 where the client has it already. */
export function sendValidated(reply: FastifyReply, content: string | Buffer): FastifyReply {
  const validated = validate(content, reply.request.headers['if-none-match']);
  reply.headers(validated.headers);
  return validated.isKnown ? reply.code(304).send() : reply.send(content);
}
