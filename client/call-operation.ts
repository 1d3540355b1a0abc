import { routes } from '../shared/api/generated/routes.js';
import { asObject } from '../shared/json/read-json.js';
import type { Answer, Input, OperationId } from './operations.js';
import type { RequestOptions, Transport } from './transport.js';

/** Calls an operation by its name in the API's document. Throws ApiError or UnreachableError. */
export async function callOperation<Id extends OperationId>(
  transport: Transport,
  id: Id,
  input: Input<Id>,
  signal: AbortSignal | undefined,
): Promise<Answer<Id>> {
  const route = routes.find((one) => one.id === id);
  if (route === undefined) throw new RangeError(`The API has no operation ${id}.`);
  const given = asObject(input);
  const path = route.path.replace(/\{(\w+)\}/g, (_, name: string) =>
    encodeURIComponent(String(asObject(given['path'])[name])),
  );
  const options: RequestOptions = {
    query: textsOf(given['query']),
    headers: textsOf(given['header']),
    ...('body' in given ? { body: given['body'] } : {}),
    ...(signal === undefined ? {} : { signal }),
  };
  return (await transport.json(route.method, path, options)) as Answer<Id>;
}

/** Lists are written with commas; what is undefined is left out. */
function textsOf(fields: unknown): Record<string, string> {
  const given = Object.entries(asObject(fields)).filter(([, value]) => value !== undefined);
  return Object.fromEntries(given.map(([name, value]) => [name, String(value)]));
}
