import type { ApiServer } from '../../../../../shared/cluster/kubernetes/api/api-server.js';
import { createApiServer } from '../../../../../shared/cluster/kubernetes/api/create-api-server.js';
import { accessTo, answerJson, startTestServer, type TestServer } from './test-server.js';

/** A path of pods. */
export const PODS = '/api/v1/namespaces/n/pods';

/** A server of a test's own, and the client under test for it; both are those of the running test. */
export interface UsedServer {
  server: TestServer;
  api: ApiServer;
}

/** Starts a server before each test that answers {"kind": "Thing"} until told otherwise. */
export function useTestServer(): UsedServer {
  const used = {} as UsedServer;
  beforeEach(async () => {
    used.server = await startTestServer((_, response) => answerJson(response, { kind: 'Thing' }));
    used.api = createApiServer(accessTo(used.server.url), 60_000);
  });
  afterEach(async () => {
    used.api.close();
    await used.server.close();
  });
  return used;
}
