import type { KubeConfig } from '@kubernetes/client-node';
import { readFile } from 'node:fs/promises';
import type { RequestOptions } from 'node:https';
import { AmunError } from '../../../errors/amun-error.js';
import type { Access, Credentials } from './access.js';
import { chooseContext, wordsOf, type Chosen } from './choose-context.js';
import { loadKubeConfig } from './load-kube-config.js';

/**
 * The way to the API server that a context of kubeconfig files names (theirs, where none is given).
 * Tokens, client certificates, exec plugins and OIDC are @kubernetes/client-node's business. Throws
 * InvalidRequest where the files do not say where to go.
 */
export async function kubeconfigAccess(
  files: readonly string[],
  context?: string,
): Promise<Access> {
  const first = await readTexts(files);
  let known = first.join('\0');
  let chosen = await chooseContext(files, first, context);
  const url = checkUrl(chosen.cluster.server, files);
  let config = await configOf(chosen);
  return {
    url,
    namespace: chosen.namespace,
    async read(refused) {
      const texts = await readTexts(files);
      // Plugins remember tokens until these expire, which must not outlive a refusal or a new login.
      if (refused || texts.join('\0') !== known) {
        // The same context, whichever is current by now: nobody gets credentials for another server.
        const next = await chooseContext(files, texts, chosen.context);
        if (checkUrl(next.cluster.server, files) !== url) throw elsewhere(next, url);
        chosen = next;
        config = await configOf(chosen);
        known = texts.join('\0');
      }
      return await credentialsOf(config, chosen);
    },
  };
}

async function readTexts(files: readonly string[]): Promise<string[]> {
  const texts = await Promise.all(files.map((file) => readFile(file, 'utf8').catch(() => '')));
  if (texts.some((text) => text.trim() !== '')) return texts;
  throw new AmunError(
    'InvalidRequest',
    `No kubeconfig at ${files.join(', ')}; log in to a cluster, or set KUBECONFIG to a file's path.`,
  );
}

async function configOf({ cluster, user }: Chosen): Promise<KubeConfig> {
  const KubeConfig = await loadKubeConfig();
  const config = new KubeConfig();
  // Plain HTTP, as `kubectl proxy` serves it, is refused by client-node unless TLS is not verified.
  const skipTLSVerify = cluster.skipTLSVerify || cluster.server.startsWith('http:');
  config.loadFromClusterAndUser({ ...cluster, skipTLSVerify }, user);
  return config;
}

async function credentialsOf(config: KubeConfig, { cluster, user }: Chosen): Promise<Credentials> {
  const options: RequestOptions = { headers: {} };
  try {
    await config.applyToHTTPSOptions(options);
  } catch (error) {
    throw new AmunError(
      'Unavailable',
      `No credentials for user "${user.name}": ${wordsOf(error)}`,
      {
        cause: error,
      },
    );
  }
  const { ca, cert, key, servername, rejectUnauthorized, auth, agent } = options;
  return {
    headers: {
      ...onlyTexts(options.headers),
      ...(auth ? { authorization: `Basic ${Buffer.from(auth).toString('base64')}` } : {}),
    },
    tls: {
      ...(ca ? { ca: textOf(ca) } : {}),
      ...(cert ? { cert: textOf(cert) } : {}),
      ...(key ? { key: textOf(key) } : {}),
      ...(servername ? { servername } : {}),
      ...(rejectUnauthorized === undefined ? {} : { rejectUnauthorized }),
    },
    ...(cluster.proxyUrl && typeof agent === 'object' ? { agent } : {}),
  };
}

/** client-node gives what it read from a file or from base64, or a plugin's text. */
function textOf(value: unknown): string {
  if (value instanceof Uint8Array) return Buffer.from(value).toString('utf8');
  return typeof value === 'string' ? value : '';
}

function onlyTexts(headers: RequestOptions['headers']): Record<string, string> {
  const texts = Object.entries(headers ?? {}).flatMap(([name, value]) =>
    typeof value === 'string' ? [[name.toLowerCase(), value.trim()] as const] : [],
  );
  return Object.fromEntries(texts);
}

function checkUrl(server: string, files: readonly string[]): string {
  const url = URL.canParse(server) ? new URL(server) : undefined;
  if (url?.protocol === 'https:' || url?.protocol === 'http:') return server.replace(/\/+$/, '');
  throw new AmunError(
    'InvalidRequest',
    `"${server}" in ${files.join(', ')} is not a URL with http or https.`,
  );
}

function elsewhere({ context, cluster }: Chosen, url: string): AmunError {
  return new AmunError(
    'InvalidRequest',
    `Context "${context}" is of ${cluster.server} by now, not of ${url}; start this process again.`,
  );
}
