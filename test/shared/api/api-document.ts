import { json } from '../../../shared/api/generated/document-json.js';

/** A part of the document, looked at without further ado. */
export type Node = { readonly [key: string]: Node } & { readonly [key: string]: unknown };

/** The API's document as it is served. */
export const DOCUMENT = JSON.parse(json) as Node;

export interface DocumentedParameter {
  readonly name: string;
  readonly in: string;
  readonly schema: Node;
  readonly example?: string | number | boolean;
}

export interface DocumentedOperation {
  readonly id: string;
  /** In upper case. */
  readonly method: string;
  /** A template, without /api/v1. */
  readonly path: string;
  readonly servedBy: string;
  /** JSON pointer to the operation. */
  readonly pointer: string;
  readonly node: Node;
  readonly parameters: readonly DocumentedParameter[];
}

const METHODS = ['get', 'put', 'post', 'delete', 'patch'];

/** Every operation of the document. */
export const OPERATIONS: readonly DocumentedOperation[] = Object.entries(
  DOCUMENT['paths'] as Readonly<Record<string, Node>>,
).flatMap(([path, item]) =>
  METHODS.filter((method) => method in item).map((method) => {
    const node = item[method]!;
    const lists = [item['parameters'], node['parameters']] as unknown as (Node[] | undefined)[];
    return {
      id: node['operationId'] as unknown as string,
      method: method.toUpperCase(),
      path,
      servedBy: node['x-amun-served-by'] as unknown as string,
      pointer: `/paths/${escapeToken(path)}/${method}`,
      node,
      parameters: lists.flatMap((list) =>
        (list ?? []).map((one) => follow(one) as unknown as DocumentedParameter),
      ),
    };
  }),
);

/** What a $ref means; anything else as it is. */
export function follow(node: Node): Node {
  return resolvePointer(node, '').node;
}

/** The same with the place where it stands. */
export function resolvePointer(node: Node, pointer: string): { node: Node; pointer: string } {
  const { $ref } = node as { $ref?: unknown };
  if (typeof $ref !== 'string') return { node, pointer };
  const target = $ref.slice(1);
  const found = target
    .split('/')
    .slice(1)
    .reduce((place, token) => place[unescapeToken(token)]!, DOCUMENT);
  return resolvePointer(found, target);
}

/** A key as part of a JSON pointer. */
export function escapeToken(key: string): string {
  return key.replaceAll('~', '~0').replaceAll('/', '~1');
}

function unescapeToken(token: string): string {
  return token.replaceAll('~1', '/').replaceAll('~0', '~');
}
