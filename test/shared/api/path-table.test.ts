import type { Route } from '../../../shared/api/operation.js';
import { allowedMethods, createPathTable } from '../../../shared/api/path-table.js';

const route = (method: string, path: string): Route => ({
  id: `${method} ${path}`,
  method,
  path,
  servedBy: 'status',
});
const ROUTES = [
  route('GET', '/x/{id}'),
  route('DELETE', '/x/{id}'),
  route('GET', '/x/all'),
  route('GET', '/x/{id}/y/{item}.json'),
  route('POST', '/'),
];
const table = createPathTable(ROUTES);

describe('createPathTable', () => {
  it.each([
    ['/x/a', '/x/{id}', { id: 'a' }],
    ['/x/all', '/x/all', {}],
    ['/x/%2F', '/x/{id}', { id: '%2F' }],
    ['/x/constructor/y/1.json', '/x/{id}/y/{item}.json', { id: 'constructor', item: '1' }],
    ['/', '/', {}],
  ])('finds %s at %s', (path, template, values) => {
    expect(table.find(path)).toMatchObject({ template, values });
  });

  it.each(['', '/x', '/x/', '/x/a/', '/x/a/y/1xjson', 'x/a', '/x/{id}/y'])(
    'finds nothing at %j',
    (path) => {
      expect(table.find(path)).toBeUndefined();
    },
  );

  it('is not slowed down by what fits nearly', () => {
    expect(table.find(`/x/${'/y'.repeat(100_000)}`)).toBeUndefined();
  });

  it('knows the operations of a path', () => {
    const methods = table.find('/x/a')?.routes.map(({ method }) => method);
    expect(methods).toEqual(['GET', 'DELETE']);
  });
});

it('a path answers HEAD wherever GET, and OPTIONS always', () => {
  expect(allowedMethods(ROUTES.slice(0, 2))).toEqual(['GET', 'HEAD', 'DELETE', 'OPTIONS']);
  expect(allowedMethods(ROUTES.slice(4))).toEqual(['POST', 'OPTIONS']);
});
