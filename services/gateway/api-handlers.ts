import type { FastifyReply, FastifyRequest } from 'fastify';
import { yaml } from '../../shared/api/generated/document-yaml.js';
import type { OperationParameters } from '../../shared/api/generated/gateway.js';
import { routes } from '../../shared/api/generated/routes.js';
import { AmunError } from '../../shared/errors/amun-error.js';
import { followInspection } from './follow/follow-inspection.js';
import type { GatewayContext } from './gateway-context.js';
import { sendValidated } from './send-validated.js';
import { streamLines } from './stream-lines.js';
import { sendPage, sendPart } from './ui/send-ui.js';

/** A request for an operation: its parameters parsed and checked. HEAD comes as GET. */
export type GatewayCall<Parameters> = Parameters & {
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
};

/** One handler for each operation that the document says the gateway serves; it sends the answer. */
export type GatewayHandlers = {
  readonly [Id in keyof OperationParameters]: (
    call: GatewayCall<OperationParameters[Id]>,
    context: GatewayContext,
  ) => unknown;
};

export const API_HANDLERS: GatewayHandlers = {
  listPaths: ({ reply }) => {
    const paths = routes.map(({ method, path }) => `${method} /api/v1${path === '/' ? '' : path}`);
    reply.type('application/json; charset=utf-8');
    return sendValidated(reply, JSON.stringify({ paths }));
  },
  getDocumentAsYaml: ({ reply }) => {
    reply.type('application/yaml; charset=utf-8');
    return sendValidated(reply, yaml);
  },
  getUi: ({ reply }) => sendPage(reply),
  getUiFile: ({ reply, path }, { uiDirectory }) => sendPart(reply, path.file, uiDirectory),
  followEvents: async ({ reply }, context) => {
    const bus = context.bus();
    if (bus === undefined) {
      throw new AmunError('Unavailable', 'The bus is not connected at the moment; try again.');
    }
    await streamLines(reply, context.signal, (signal) => bus.follow(signal));
  },
  followInspection: ({ path, query, header, reply }, { feeds, signal }) =>
    followInspection(feeds, { id: path.id, ...query, ...header }, reply, signal),
};
