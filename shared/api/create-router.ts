import type { Request } from '../http/create-handler.js';
import { MethodNotAllowedError } from '../http/method-not-allowed.js';
import type { Answer } from '../http/respond.js';
import { unknownPath } from '../http/unknown-path.js';
import type { Json } from '../inspection/specification.js';
import type { Operation } from './operation.js';
import { allowedMethods, createPathTable, type FoundPath } from './path-table.js';
import { readParameters } from './read-parameters.js';
import { toldParameters } from './told-parameters.js';

/** The parameters of an operation, by place, as shared/api/generated declares them. */
export interface Parameters {
  readonly path: object;
  readonly query: object;
  readonly header: object;
}

/** A request for an operation: its parameters parsed, checked and complete. */
export type Call<P extends Parameters> = P & { readonly request: Request };

/** One handler for each operation that the document says this function serves. */
export type Handlers<Operations, Context> = {
  readonly [Id in keyof Operations]: (
    call: Call<Operations[Id] & Parameters>,
    context: Context,
  ) => Promise<Answer> | Answer;
};

export interface Router<Context> {
  /**
   * Answers a request as the document says; HEAD as GET, whose body HTTP itself leaves out. Throws
   * NotFound (naming the nearest path), MethodNotAllowedError, InvalidRequest, and what handlers do.
   */
  route(context: Context, request: Request): Promise<Answer>;
  /** What a request asked for, to be told where it failed; never throws. */
  parametersOf(request: Request): Record<string, Json>;
}

type AnyHandler<Context> = (call: Call<Parameters>, context: Context) => Promise<Answer> | Answer;

/**
 * Routes requests by the operations of the API's document, as generated for one function.
 *
 * @param handlers the types see to it that there is one for each operation
 */
export function createRouter<Operations, Context>(
  operations: readonly Operation[],
  handlers: Handlers<Operations, Context>,
): Router<Context> {
  const table = createPathTable(operations);
  const byId = handlers as unknown as Readonly<Record<string, AnyHandler<Context>>>;

  async function route(context: Context, request: Request): Promise<Answer> {
    const found = findPath(request.path);
    if (found === undefined) throw unknownPath(request.path, table.templates);
    const allowed = allowedMethods(found.routes);
    if (request.method === 'OPTIONS') {
      return { status: 204, body: '', headers: { allow: allowed.join(', ') } };
    }
    const method = request.method === 'HEAD' ? 'GET' : request.method;
    const operation = found.routes.find((one) => one.method === method);
    const handle = operation && byId[operation.id];
    if (operation === undefined || handle === undefined) {
      throw new MethodNotAllowedError(request.method, request.path, allowed);
    }
    const values = readParameters(operation.parameters, {
      path: found.values,
      query: request.queries,
      header: request.headers,
    });
    return handle({ ...values, request }, context);
  }

  /** Numbers in a path are part of its shape: "/job/x/log" is no path of ours. */
  function findPath(path: string): FoundPath<Operation> | undefined {
    const found = table.find(path);
    const isMisshapen = found?.routes[0]?.parameters.some(
      ({ in: place, kind, name }) =>
        place === 'path' && kind === 'integer' && !/^\d{1,9}$/.test(found.values[name] ?? ''),
    );
    return isMisshapen === true ? undefined : found;
  }

  return {
    route,
    parametersOf: ({ path, query }) => toldParameters(findPath(path), query),
  };
}
