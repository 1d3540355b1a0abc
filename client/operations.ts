import type { components, operations } from '../shared/api/generated/types.js';

/** The shapes of the API's document, by their names there. */
export type Schemas = components['schemas'];

type SuccessOf<Responses> = Responses[keyof Responses & (200 | 202)];

type JsonOf<Response> = Response extends { content: { readonly 'application/json': infer Body } }
  ? Body
  : never;

/** What an operation answers where it goes well; never for one that answers no JSON. */
export type Answer<Id extends keyof operations> = JsonOf<SuccessOf<operations[Id]['responses']>>;

/** The operationIds of the document whose answers are JSON. */
export type OperationId = {
  [Id in keyof operations]: [Answer<Id>] extends [never] ? never : Id;
}[keyof operations];

type BodyOf<Operation> = Operation extends {
  readonly requestBody: { readonly content: { readonly 'application/json': infer Body } };
}
  ? { readonly body: Body extends Schemas['Specification'] ? Specification : Body }
  : { readonly body?: never };

/** What an operation is asked with: `path`, `query` and `header` by their names, and its `body`. */
export type Input<Id extends keyof operations> = operations[Id]['parameters'] &
  BodyOf<operations[Id]>;

/** A shape as it may be sent: what has a default can be left out. */
type Sent<T> = T extends readonly (infer Item)[]
  ? readonly Sent<Item>[]
  : T extends object
    ? { readonly [Name in keyof T]?: Sent<T[Name]> }
    : T;

/** What is to be built and run. */
export type Specification = Sent<Schemas['Specification']> & Pick<Schemas['Specification'], 'base'>;
