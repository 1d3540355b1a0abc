import {
  loadKubernetesEnvironment,
  type KubernetesEnvironment,
} from '../../../config/kubernetes-environment.js';
import type { ApiServer } from './api-server.js';
import { createApiServer } from './create-api-server.js';
import { findAccess } from './find-access.js';

export interface ConnectOptions {
  /** Of the kubeconfig; default: its current one. */
  readonly context?: string | undefined;
  /** Of each call, tries and all; of a stream, until its answer begins. Default 30 s. */
  readonly timeoutMs?: number | undefined;
  /** Where credentials are looked for; default: this process' environment. */
  readonly environment?: KubernetesEnvironment;
}

const TIMEOUT_MS = 30_000;

/**
 * Finds the API server and the credentials for it; nothing is sent yet. KUBECONFIG or a context
 * comes first, then the service account of the pod that this runs in, then ~/.kube/config. Throws
 * InvalidRequest, which says what to set, where there is none of these.
 */
export async function connectApiServer(options: ConnectOptions = {}): Promise<ApiServer> {
  const { context, timeoutMs = TIMEOUT_MS, environment = loadKubernetesEnvironment() } = options;
  return createApiServer(await findAccess(environment, context), timeoutMs);
}
