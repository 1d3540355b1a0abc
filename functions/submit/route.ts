import { createRouter } from '../../shared/api/create-router.js';
import { operations, type OperationParameters } from '../../shared/api/generated/submit.js';
import { createBuildContext } from '../../shared/dockerfile/create-build-context.js';
import { dockerfileOf } from '../../shared/dockerfile/dockerfile-of.js';
import { AmunError } from '../../shared/errors/amun-error.js';
import type { Request } from '../../shared/http/create-handler.js';
import { answer, type Answer } from '../../shared/http/respond.js';
import { decodeJson } from '../../shared/inspection/decode-json.js';
import { MAX_SPECIFICATION_BYTES } from '../../shared/inspection/limits.js';
import { parseSpecification } from '../../shared/inspection/parse-specification.js';
import type { Json, JsonObject, Specification } from '../../shared/inspection/specification.js';
import { allowAdvice } from '../../shared/lifecycle/allow-advice.js';
import type { Ports } from '../../shared/lifecycle/ports.js';
import { answerSubmit } from './answer-submit.js';
import { cancel } from './cancel.js';
import { deleteInspection } from './delete.js';
import { answerMatrix } from './matrix.js';

type OpenPorts = () => Promise<Ports>;

const router = createRouter<OperationParameters, OpenPorts>(operations, {
  submitInspection: async ({ query, header, request }, ports) => {
    const sent = readSpecification(request);
    const specification = query.force ? { ...sent, force: true } : sent;
    return answerSubmit(await ports(), specification, header['Idempotency-Key']);
  },
  deleteInspection: ({ path }, ports) => answerDelete(ports, path.id),
  cancelInspection: ({ path }, ports) => answerCancel(ports, path.id),
  submitMatrix: ({ header, request }, ports) =>
    answerMatrix(ports, request, header['Idempotency-Key']),
  generateDockerfile: async ({ request }, ports) => {
    const specification = readSpecification(request);
    if (specification.advise === undefined) return answerDockerfile(specification);
    return answerDockerfile(allowAdvice((await ports()).settings, specification));
  },
});

/** The paths of `submit`: everything that creates, ends or deletes an inspection. */
export async function route(ports: OpenPorts, request: Request): Promise<Answer> {
  return router.route(ports, withPath(request));
}

/** What a request that failed asked for: the inspection it names, or the document it carries. */
export function parametersOf(request: Request): Json {
  const named = router.parametersOf(withPath(request));
  if ('inspection_id' in named) return named;
  try {
    const { body } = request;
    const sent = body.byteLength <= MAX_SPECIFICATION_BYTES ? decodeJson(body) : undefined;
    const isObject = typeof sent === 'object' && sent !== null && !Array.isArray(sent);
    return isObject ? (sent as JsonObject) : named;
  } catch {
    return named;
  }
}

/** faas-cli has no paths: what it sends is a submission. */
function withPath(request: Request): Request {
  return request.path === '/' ? { ...request, path: '/inspect' } : request;
}

function readSpecification({ body }: Request): Specification {
  if (body.byteLength > MAX_SPECIFICATION_BYTES) {
    throw new AmunError(
      'TooLarge',
      `A specification may have ${MAX_SPECIFICATION_BYTES} bytes; this one has ${body.byteLength}.`,
    );
  }
  if (body.byteLength === 0) {
    throw new AmunError(
      'InvalidRequest',
      'The request has no body; send a specification as JSON, for example {"base": "fedora:40"}.',
    );
  }
  return parseSpecification(decodeJson(body));
}

async function answerCancel(ports: OpenPorts, id: string): Promise<Answer> {
  const record = await cancel(await ports(), id);
  return answer(202, {
    inspection_id: id,
    phase: record.phase,
    parameters: { inspection_id: id },
  });
}

async function answerDelete(ports: OpenPorts, id: string): Promise<Answer> {
  await deleteInspection(await ports(), id);
  return answer(200, { inspection_id: id, parameters: { inspection_id: id } });
}

function answerDockerfile(specification: Specification): Answer {
  const dockerfile = dockerfileOf(createBuildContext(specification));
  // A parsed specification is a JSON document.
  return answer(200, { dockerfile, parameters: specification as unknown as Json });
}
