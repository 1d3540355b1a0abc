import { once } from 'node:events';
import * as http from 'node:http';
import * as https from 'node:https';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import type { Access } from '../../shared/cluster/kubernetes/api/access.js';
import type { ApiServer } from '../../shared/cluster/kubernetes/api/api-server.js';
import { admitBuildConfig, admitImageStream, type Refused } from './admission.js';
import { instantiate, status, type Answer } from './generate-build.js';
import { find, pathOf, type BuildThing, type PodThing } from './objects.js';

/** What the server does besides what a Kubernetes does; a test may change it at any time. */
export interface FrontSettings {
  /** OpenShift's own API server does not answer; Kubernetes' does. */
  isAway: boolean;
  /** The right to the Docker strategy has been taken from everybody. */
  forbidsDocker: boolean;
  /** Of the internal registry, "host:port"; undefined: there is none. */
  registry: string | undefined;
}

const OPENSHIFT = /^\/apis\/(?:build|image)\.openshift\.io\//;
const COLLECTION = /\/namespaces\/([^/]+)\/(buildconfigs|imagestreams)$/;
const INSTANTIATE = /\/namespaces\/([^/]+)\/buildconfigs\/([^/]+)\/instantiate$/;
const LOG = /\/namespaces\/([^/]+)\/builds\/([^/]+)\/log$/;

/**
 * Stands in front of a Kubernetes API server as OpenShift's does: admits, and serves what cannot be a
 * subresource of a custom resource. Everything else goes to the server as it is.
 *
 * @returns its URL, in plain HTTP, and how to end it
 */
export async function startFront(
  access: Access,
  api: ApiServer,
  settings: FrontSettings,
): Promise<{ url: string; stop(): Promise<void> }> {
  const server = http.createServer((request, response) => {
    // A client that goes away, or a server that was killed, is nobody's failure.
    serve(access, api, settings, request, response).catch(() => response.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    async stop() {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

async function serve(
  access: Access,
  api: ApiServer,
  settings: FrontSettings,
  request: http.IncomingMessage,
  response: http.ServerResponse,
): Promise<void> {
  const { pathname, searchParams } = new URL(request.url ?? '', 'http://front');
  if (settings.isAway && OPENSHIFT.test(pathname)) {
    const words = 'the server is currently unable to handle the request';
    answer(response, status(503, 'ServiceUnavailable', words));
    return;
  }
  const [, logNamespace, build] = LOG.exec(pathname) ?? [];
  if (logNamespace !== undefined && build !== undefined) {
    return serveLog(api, logNamespace, build, searchParams, response);
  }
  if (request.method !== 'POST' || !OPENSHIFT.test(pathname)) {
    return forward(access, request, response);
  }
  const body = JSON.parse((await buffer(request)).toString()) as Record<string, unknown>;
  const [, namespace, name] = INSTANTIATE.exec(pathname) ?? [];
  if (namespace !== undefined && name !== undefined) {
    answer(response, await instantiate(api, namespace, name, body));
    return;
  }
  const [, place = '', kind] = COLLECTION.exec(pathname) ?? [];
  const refused = kind === 'imagestreams' ? admitImageStream(body) : admit(settings, place, body);
  if (refused !== undefined) {
    answer(response, status(refused.code, refused.reason, refused.message));
    return;
  }
  const { registry } = settings;
  const stream = (body['metadata'] as { name: string }).name;
  const repository = registry && { dockerImageRepository: `${registry}/${place}/${stream}` };
  const made = kind === 'imagestreams' ? { ...body, status: { ...repository } } : body;
  return forward(access, request, response, Buffer.from(JSON.stringify(made)));
}

function admit(
  { forbidsDocker }: FrontSettings,
  namespace: string,
  body: Record<string, unknown>,
): Refused | undefined {
  if (!forbidsDocker) return admitBuildConfig(body);
  const { name } = body['metadata'] as { name: string };
  const message = `buildconfigs.build.openshift.io "${name}" is forbidden: build strategy Docker is not allowed in namespace ${namespace}`;
  return { code: 403, reason: 'Forbidden', message };
}

function answer(response: http.ServerResponse, { code, body }: Answer): void {
  response.writeHead(code, { 'content-type': 'application/json' });
  response.end(JSON.stringify(body));
}

/** The request as it came, or with another body; answers and watches piece by piece. */
async function forward(
  access: Access,
  request: http.IncomingMessage,
  response: http.ServerResponse,
  body?: Buffer,
): Promise<void> {
  const { headers, tls } = await access.read(false);
  const sent = { ...request.headers, ...headers };
  for (const name of ['host', 'connection']) Reflect.deleteProperty(sent, name);
  const outgoing = https.request(new URL(request.url ?? '', access.url), {
    ...tls,
    method: request.method,
    headers: { ...sent, ...(body && { 'content-length': String(body.length) }) },
  });
  response.on('close', () => outgoing.destroy());
  // Told once, by what waits for the answer, and again by whatever breaks off after it.
  outgoing.on('error', () => undefined);
  const answered = once(outgoing, 'response') as Promise<[http.IncomingMessage]>;
  answered.catch(() => undefined);
  if (body === undefined) await pipeline(request, outgoing);
  else outgoing.end(body);
  const [incoming] = await answered;
  response.writeHead(incoming.statusCode ?? 502, incoming.headers);
  response.flushHeaders();
  await pipeline(incoming, response);
}

/** builds/NAME/log: both containers' logs, where there are any. */
async function serveLog(
  api: ApiServer,
  namespace: string,
  name: string,
  query: URLSearchParams,
  response: http.ServerResponse,
): Promise<void> {
  const build = await find<BuildThing>(api, pathOf('builds', namespace, name));
  if (build === undefined) {
    answer(response, status(404, 'NotFound', `builds "${name}" not found`));
    return;
  }
  const { phase } = build.status;
  if (phase === 'Cancelled' || phase === 'Error') {
    const words = `build ${name} is ${phase === 'Error' ? 'in an error state' : 'cancelled'}. No logs are available.`;
    answer(response, status(400, 'BadRequest', words));
    return;
  }
  const isEarly = phase === 'New' || phase === 'Pending';
  if (isEarly && query.get('nowait') !== 'true') {
    const words = `timed out waiting for build ${name} to start after 10s`;
    answer(response, status(504, 'Timeout', words));
    return;
  }
  const path = pathOf('pods', namespace, `${name}-build`);
  const pod = isEarly ? undefined : await find<PodThing>(api, path);
  if (!isEarly && pod === undefined) {
    answer(response, status(400, 'BadRequest', `pods "${name}-build" not found`));
    return;
  }
  response.writeHead(200, { 'content-type': 'text/plain' });
  response.flushHeaders();
  const follow = query.get('follow') === 'true' ? { follow: true } : {};
  const ending = new AbortController();
  response.on('close', () => ending.abort());
  for (const container of pod === undefined ? [] : ['manage-dockerfile', 'docker-build']) {
    const options = { query: { container, ...follow }, signal: ending.signal };
    for await (const piece of api.stream(`${path}/log`, options)) response.write(piece);
  }
  response.end();
}
