import { createGateway } from '../../../services/gateway/create-gateway.js';
import type { GatewayContext } from '../../../services/gateway/gateway-context.js';

/** What the gateway serves besides the API, whose paths are those of its document. */
const NOT_OF_THE_API = [
  // The process itself.
  '/',
  '/healthz',
  '/liveness',
  '/readiness',
  '/metrics',
  // OpenFaaS' own API.
  '/function/:name',
  '/function/:name/*',
  '/async-function/:name',
  '/async-function/:name/*',
  '/system/function/:name',
  '/system/functions',
  '/system/info',
  '/system/logs',
  '/system/namespaces',
  '/system/scale-function/:name',
  '/system/secrets',
];

it('no path is served that neither the document nor this list has', async () => {
  const gateway = createGateway({
    version: '1.2.3',
    allowedHosts: [],
  } as unknown as GatewayContext);
  await gateway.ready();
  // Lines as "/healthz (GET, HEAD)".
  const printed = gateway.printRoutes({ commonPrefix: false });
  const urls = [...printed.matchAll(/(\/\S*|\*) \(/g)].map(([, url]) => url!);
  await gateway.close();
  const wholes = NOT_OF_THE_API.concat(['/api/v1', '/api/v1/*']);
  expect(urls.length).toBeGreaterThan(10);
  expect(urls.filter((url) => !wholes.some((whole) => whole.endsWith(url)))).toEqual([]);
});
