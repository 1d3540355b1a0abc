import { createServer, connect, type AddressInfo, type Socket } from 'node:net';
import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ApiServer } from '../../../../../shared/cluster/kubernetes/api/api-server.js';
import { connectApiServer } from '../../../../../shared/cluster/kubernetes/api/connect-api-server.js';
import { startRealkube, type Realkube, type RealkubeOptions } from '../../../../realkube.js';

/** Only to be read while tests run. */
export interface ApiServerUnderTest {
  readonly realkube: Realkube;
  readonly api: ApiServer;
}

const START_TIMEOUT_MS = 300_000;

/** Gives all tests of a describe together a Kubernetes and a connection to its API server. */
export function useApiServer(options: RealkubeOptions): ApiServerUnderTest {
  let realkube: Realkube | undefined;
  let api: ApiServer | undefined;
  beforeAll(async () => {
    realkube = await startRealkube(options);
    api = await connectWith(realkube.kubeconfig);
  }, START_TIMEOUT_MS);
  afterAll(async () => {
    api?.close();
    await realkube?.stop();
  }, START_TIMEOUT_MS);
  return {
    get realkube() {
      return realkube!;
    },
    get api() {
      return api!;
    },
  };
}

export async function connectWith(kubeconfig: string): Promise<ApiServer> {
  const environment = {
    kubeconfig: [kubeconfig],
    defaultKubeconfig: kubeconfig,
    service: undefined,
  };
  return await connectApiServer({ environment });
}

/** A way to an API server that a test can cut. */
export interface CutWay {
  readonly api: ApiServer;
  /** Connections cut so far. */
  readonly cuts: number;
  /** Ends what is open. */
  cut(): void;
  close(): void;
}

/** A second connection to the API server, through a TCP proxy. */
export async function cutWayTo({ dir, kubeconfig }: Realkube): Promise<CutWay> {
  const text = await readFile(kubeconfig, 'utf8');
  const [url, port] = /https:\/\/127\.0\.0\.1:(\d+)/.exec(text)!;
  const open = new Set<Socket>();
  let cuts = 0;
  const proxy = createServer((inward) => {
    const outward = connect(Number(port), '127.0.0.1');
    for (const [socket, other] of [
      [inward, outward],
      [outward, inward],
    ] as const) {
      open.add(socket);
      socket.on('error', () => other.destroy());
      socket.on('close', () => {
        open.delete(socket);
        other.destroy();
      });
      socket.pipe(other);
    }
  });
  proxy.listen(0, '127.0.0.1');
  await once(proxy, 'listening');
  const through = join(dir, 'kubeconfig-through-proxy');
  const address = proxy.address() as AddressInfo;
  await writeFile(through, text.replaceAll(url, `https://127.0.0.1:${address.port}`));
  const cut = () => {
    if (open.size > 0) cuts += 1;
    for (const socket of open) socket.resetAndDestroy();
  };
  return {
    api: await connectWith(through),
    get cuts() {
      return cuts;
    },
    cut,
    close() {
      proxy.close();
      cut();
    },
  };
}
