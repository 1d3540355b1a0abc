import { request, type Dispatcher } from 'undici';
import { AmunError } from '../../shared/errors/amun-error.js';
import { isFunctionName, subscriptionsOf, type Subscription } from './subscription.js';

const TIMEOUT_MS = 5_000;
const MAX_LIST_BYTES = 4 * 1024 * 1024;

/** The namespace of functions that need none in their name. */
const DEFAULT_NAMESPACE = 'openfaas-fn';

/**
 * Asks an OpenFaaS gateway for its functions, and finds who wants which topic by the `topic`
 * annotation (several: separated by commas). Throws Unavailable where the gateway does not answer
 * as one. OpenFaaS lists functions only for those who may deploy them as well: one that refuses to
 * tell is asked for nothing more than its functions, where their topics are configured.
 *
 * @param configured topics by function, besides the gateway's
 */
export async function discoverSubscriptions(
  gatewayUrl: string,
  configured: Readonly<Record<string, string>>,
  dispatcher: Dispatcher,
): Promise<Subscription[]> {
  const listed = await listFunctions(gatewayUrl, dispatcher, Object.keys(configured).length > 0);
  const topics = new Map(listed.map(({ name, topic }) => [name, splitTopics(topic)]));
  for (const [name, topic] of Object.entries(configured)) {
    topics.set(name, [...new Set([...(topics.get(name) ?? []), ...splitTopics(topic)])]);
  }
  return [...topics].flatMap(([name, each]) => subscriptionsOf(name, each));
}

interface ListedFunction {
  readonly name: string;
  readonly topic: string;
}

async function listFunctions(
  gatewayUrl: string,
  dispatcher: Dispatcher,
  mayRefuse: boolean,
): Promise<ListedFunction[]> {
  let list: unknown;
  try {
    const { statusCode, body } = await request(
      `${gatewayUrl.replace(/\/+$/, '')}/system/functions`,
      {
        dispatcher,
        signal: AbortSignal.timeout(TIMEOUT_MS),
      },
    );
    if (statusCode !== 200) {
      await body.dump();
      const isRefusal = statusCode === 401 || statusCode === 403;
      if (isRefusal && mayRefuse) return [];
      const mend = isRefusal ? '; name the topics in AMUN_TOPICS' : '';
      throw new Error(`it answers ${statusCode}${mend}`);
    }
    list = JSON.parse(await readText(body));
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new AmunError(
      'Unavailable',
      `The gateway at ${gatewayUrl} tells of no functions: ${why}.`,
      {
        cause: error,
      },
    );
  }
  if (!Array.isArray(list)) {
    throw new AmunError('Unavailable', `The gateway at ${gatewayUrl} lists no functions.`);
  }
  return list.flatMap(readFunction);
}

async function readText(body: AsyncIterable<Uint8Array>): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of body) {
    size += chunk.length;
    if (size > MAX_LIST_BYTES) throw new Error('its list is larger than 4 MiB');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

/** One entry of the list; nothing where it is none that can be called. */
function readFunction(entry: unknown): ListedFunction[] {
  const { name, namespace, annotations } = (entry ?? {}) as Record<string, unknown>;
  const { topic } = (annotations ?? {}) as Record<string, unknown>;
  if (typeof name !== 'string') return [];
  const elsewhere =
    typeof namespace === 'string' && namespace !== '' && namespace !== DEFAULT_NAMESPACE;
  const full = elsewhere ? `${name}.${namespace}` : name;
  if (!isFunctionName(full)) return [];
  return [{ name: full, topic: typeof topic === 'string' ? topic : '' }];
}

function splitTopics(text: string): string[] {
  return text
    .split(',')
    .map((topic) => topic.trim())
    .filter((topic) => topic !== '');
}
