import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { FastifyReply } from 'fastify';
import { AmunError } from '../../../shared/errors/amun-error.js';
import { sendValidated } from '../send-validated.js';
import { PAGE, SECURITY_HEADERS, START } from './page.js';

const TYPES = {
  'start.js': 'text/javascript; charset=utf-8',
  'swagger-ui-bundle.js': 'text/javascript; charset=utf-8',
  'swagger-ui.css': 'text/css; charset=utf-8',
} as const;

/** Sends the page that shows the API's document. */
export function sendPage(reply: FastifyReply): FastifyReply {
  reply.headers(SECURITY_HEADERS).type('text/html; charset=utf-8');
  return sendValidated(reply, PAGE);
}

/**
 * Sends a part of that page.
 *
 * @param directory where Swagger UI's files are; throws Unavailable where they are not
 */
export async function sendPart(
  reply: FastifyReply,
  file: keyof typeof TYPES,
  directory: string,
): Promise<FastifyReply> {
  const content = file === 'start.js' ? START : await readPart(path.join(directory, file));
  reply.headers(SECURITY_HEADERS).type(TYPES[file]);
  return sendValidated(reply, content);
}

async function readPart(file: string): Promise<Buffer> {
  try {
    return await readFile(file);
  } catch (error) {
    throw new AmunError(
      'Unavailable',
      `${file} is missing; build it with "npm run build", or read /api/v1/openapi.json.`,
      { cause: error },
    );
  }
}
