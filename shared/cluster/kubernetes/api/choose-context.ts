import type { Cluster, KubeConfig, User } from '@kubernetes/client-node';
import { AmunError } from '../../../errors/amun-error.js';
import { asObject } from '../../../json/read-json.js';
import { asText } from '../read-fields.js';
import { loadKubeConfig } from './load-kube-config.js';

/** One context of kubeconfig files, and what it names. */
export interface Chosen {
  readonly context: string;
  readonly cluster: Cluster;
  readonly user: User;
  readonly namespace: string | undefined;
}

/**
 * The context of that name, or else the current one, in kubeconfig files. As kubectl does it: what
 * several files say of one name, the first decides. Throws InvalidRequest where it is not whole.
 *
 * @param texts of the files; an empty one is left out
 */
export async function chooseContext(
  files: readonly string[],
  texts: readonly string[],
  wanted: string | undefined,
): Promise<Chosen> {
  const KubeConfig = await loadKubeConfig();
  const configs = files.flatMap((file, index) => {
    if (texts[index]?.trim() === '') return [];
    try {
      const config = new KubeConfig();
      config.loadFromFile(file);
      return [config];
    } catch (error) {
      throw invalid(`The kubeconfig ${file} cannot be read: ${wordsOf(error)}`, error);
    }
  });
  const name = wanted ?? configs.map((config) => config.getCurrentContext()).find(Boolean);
  if (!name) throw invalid(`${files.join(', ')} has no current context; set AMUN_KUBE_CONTEXT.`);
  const context = firstFound(configs, (config) => config.getContextObject(name));
  if (context === undefined) {
    const names = configs.flatMap((config) => config.getContexts().map((one) => one.name));
    const known = names.length > 0 ? names.slice(0, 20).join(', ') : 'none';
    throw invalid(`There is no context "${name}" in ${files.join(', ')}; there is: ${known}.`);
  }
  const cluster = firstFound(configs, (config) => config.getCluster(context.cluster));
  if (cluster === undefined) {
    throw invalid(`Context "${name}" is of cluster "${context.cluster}", which no kubeconfig has.`);
  }
  const user = firstFound(configs, (config) => config.getUser(context.user));
  return {
    context: name,
    cluster,
    user: user ?? { name: 'anonymous' },
    namespace: context.namespace,
  };
}

function firstFound<T>(
  configs: readonly KubeConfig[],
  find: (config: KubeConfig) => T | null,
): T | undefined {
  for (const config of configs) {
    const found = find(config);
    if (found !== null) return found;
  }
  return undefined;
}

function invalid(message: string, cause?: unknown): AmunError {
  return new AmunError('InvalidRequest', message, { cause });
}

/** What went wrong, in the words of whoever noticed it. */
export function wordsOf(error: unknown): string {
  return asText(asObject(error)['message'], 1000)?.trim() || String(error).slice(0, 1000);
}
