import { AmunError, isAmunError } from '../../../errors/amun-error.js';
import { asObject } from '../../../json/read-json.js';
import { asText } from '../read-fields.js';
import type { ApiServer } from './api-server.js';
import type { KnownObjects } from './known-objects.js';
import { parseKubeObject, parseVersion } from './kube-object.js';
import type { ObjectEvent } from './object-event.js';
import type { Selection } from './selection.js';

/** Objects a page; fewer where they are so large that no answer can hold as many. */
const PAGE_SIZES = [500, 50, 5];
/** Far more than a cluster holds: a server that never comes to an end is not followed for ever. */
const MAX_PAGES = 20_000;

/**
 * Tells of everything there is now, and of what is gone. Returns the version from which a watch
 * goes on. Throws what the server answers; `isExpired` where it took too long: then list anew.
 */
export async function* listObjects(
  api: ApiServer,
  selection: Selection,
  known: KnownObjects,
): AsyncGenerator<ObjectEvent, string> {
  for (const limit of PAGE_SIZES) {
    try {
      return yield* listInPages(api, selection, known, limit);
    } catch (error) {
      if (!isAmunError(error, 'TooLarge') || limit === PAGE_SIZES.at(-1)) throw error;
    }
  }
  throw new AmunError('Internal', 'There is no page size.');
}

async function* listInPages(
  api: ApiServer,
  { path, labelSelector, metadataOnly = false, signal }: Selection,
  known: KnownObjects,
  limit: number,
): AsyncGenerator<ObjectEvent, string> {
  known.beginList();
  let version: string | undefined;
  let next: string | undefined;
  for (let pages = 0; pages < MAX_PAGES; pages += 1) {
    const query = { labelSelector, limit, continue: next };
    const page = parsePage(await api.get(path, { query, metadataOnly, signal }), path);
    // All pages are of one moment, which the first one says.
    version ??= page.version;
    for (const item of page.items) {
      signal.throwIfAborted();
      const object = parseKubeObject(item);
      if (object !== undefined) yield* known.present(object);
    }
    if (page.next === undefined) {
      yield* known.endList();
      return version;
    }
    next = page.next;
  }
  throw new AmunError('Unavailable', `The list of ${path} does not end.`);
}

interface Page {
  readonly items: readonly unknown[];
  readonly version: string;
  readonly next: string | undefined;
}

/** Strict: an answer that is no list must not look like one that is empty. */
function parsePage(answer: unknown, path: string): Page {
  const { items, metadata } = asObject(answer);
  const version = parseVersion(metadata);
  // Go writes null for a list of nothing.
  const found: unknown = items === null ? [] : items;
  if (!Array.isArray(found) || version === undefined) {
    throw new AmunError('Unavailable', `What the API server answered for ${path} is not a list.`);
  }
  return {
    items: found,
    version,
    next: asText(asObject(metadata)['continue'], 16_384) || undefined,
  };
}
