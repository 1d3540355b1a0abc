import { AmunError, isAmunError } from '../../errors/amun-error.js';
import { asObject } from '../../json/read-json.js';
import type { ApiServer } from './api/api-server.js';
import { COMMON_KEY, commonFileManifest, type CommonFile } from './manifests/common-file.js';
import { configMapsPath } from './paths.js';
import { mayFitLater } from './quota.js';
import { asText } from './read-fields.js';
import { orMissing } from './read-objects.js';

/** After this, milliseconds, they are looked for again: somebody may have removed them. */
const TRUSTED_MS = 60_000;
const MAX_UID_LENGTH = 64;

/** What was found out of one; what is immutable stays what it was as long as it has the same uid. */
interface Sure {
  readonly uid: Promise<string>;
  readonly until: number;
}

/**
 * The ConfigMaps of files that many builds and runs have in common (scripts of ours, the operator's
 * certificates: a quarter of a megabyte on many a machine): made once, kept until somebody removes
 * them.
 */
export class CommonMaps {
  readonly #sure = new Map<string, Sure>();

  constructor(
    private readonly api: ApiServer,
    private readonly namespace: string,
    private readonly now: () => number = Date.now,
  ) {}

  /** Resolves once it is there. Throws TooManyRequests where a quota has no room for it now. */
  async ensure(file: CommonFile): Promise<void> {
    const known = this.#sure.get(file.name);
    if (known !== undefined && this.now() < known.until) {
      await known.uid;
      return;
    }
    const uid = this.renew(file, known?.uid);
    this.#sure.set(file.name, { uid, until: this.now() + TRUSTED_MS });
    try {
      await uid;
    } catch (error) {
      // Whoever comes next tries for himself.
      this.#sure.delete(file.name);
      throw error;
    }
  }

  /** For what was made of one before. Throws InvalidRequest where it is gone. */
  async require(name: string): Promise<void> {
    if (this.now() < (this.#sure.get(name)?.until ?? 0)) return;
    if ((await this.find(name)) !== undefined) return;
    throw new AmunError(
      'InvalidRequest',
      `The ConfigMap ${name}, which its pods mount, was removed; submit it again.`,
    );
  }

  private async renew(file: CommonFile, known: Promise<string> | undefined): Promise<string> {
    const before = await known;
    if (before !== undefined && (await this.find(file.name)) === before) return before;
    return this.make(file);
  }

  private async find(name: string): Promise<string | undefined> {
    const path = configMapsPath(this.namespace, name);
    return uidOf(await orMissing(this.api.get(path, { metadataOnly: true })));
  }

  private async make(file: CommonFile): Promise<string> {
    try {
      const manifest = commonFileManifest(this.namespace, file);
      const path = configMapsPath(this.namespace);
      return uidOf(await this.api.create(path, manifest, { metadataOnly: true })) ?? '';
    } catch (error) {
      if (mayFitLater(error)) {
        throw new AmunError('TooManyRequests', error.message, { cause: error });
      }
      if (!isAmunError(error, 'AlreadyExists')) throw error;
      return this.check(file);
    }
  }

  /** Whoever writes here could have put something else there under that name. */
  private async check({ name, content }: CommonFile): Promise<string> {
    const path = configMapsPath(this.namespace, name);
    const object = asObject(await orMissing(this.api.get(path)));
    const uid = uidOf(object);
    if (uid === undefined) {
      throw new AmunError('Unavailable', `The ConfigMap ${name} is being removed; try again.`);
    }
    const isOurs = asObject(object['data'])[COMMON_KEY] === content;
    if (isOurs && object['immutable'] === true) return uid;
    throw new AmunError(
      'InvalidRequest',
      `The ConfigMap ${name} is not what its name says; remove it: kubectl delete configmap ${name} --namespace ${this.namespace}`,
    );
  }
}

/** undefined for what is not there, or is being removed. */
function uidOf(object: unknown): string | undefined {
  const metadata = asObject(asObject(object)['metadata']);
  if (metadata['deletionTimestamp'] !== undefined) return undefined;
  return asText(metadata['uid'], MAX_UID_LENGTH);
}
