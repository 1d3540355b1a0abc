import { isAmunError } from '../../errors/amun-error.js';
import { asArray, asObject } from '../../json/read-json.js';
import type { ApiServer } from '../kubernetes/api/api-server.js';
import { parseKubeObject } from '../kubernetes/api/kube-object.js';
import { LABEL_KIND, OURS } from '../kubernetes/names.js';
import { asTime } from '../kubernetes/read-fields.js';
import { orMissing } from '../kubernetes/read-objects.js';
import { parseImage } from './image-reference.js';
import { imageStreamsPath } from './paths.js';

/** Every collected build asks for it; all ImageStreams are listed for it. */
const SWEEP_EVERY_MS = 10 * 60_000;

/** The images that builds have pushed, each in an ImageStream of its own. */
export class Images {
  private sweptAt = 0;

  /**
   * @param keepSeconds for how long an ImageStream is kept after it was made
   */
  constructor(
    private readonly api: ApiServer,
    private readonly namespace: string,
    private readonly keepSeconds: number,
  ) {}

  /** True for a reference that a build here gave. */
  isOwn(image: string): boolean {
    return parseImage(image)?.namespace === this.namespace;
  }

  /** Whether its ImageStream still has the image: without that nobody may pull it. */
  async has(image: string): Promise<boolean> {
    const wanted = parseImage(image);
    if (wanted?.namespace !== this.namespace) return false;
    const stream = await orMissing(this.api.get(imageStreamsPath(this.namespace, wanted.stream)));
    const { tags } = asObject(asObject(stream)['status']);
    return asArray(tags)
      .flatMap((tag) => asArray(asObject(tag)['items']))
      .some((item) => asObject(item)['image'] === wanted.digest);
  }

  /**
   * Removes ImageStreams whose time is over, at most once in ten minutes; OpenShift prunes the
   * images that nothing refers to. What fails is tried again next time.
   */
  async sweep(): Promise<void> {
    const now = Date.now();
    if (now - this.sweptAt < SWEEP_EVERY_MS) return;
    this.sweptAt = now;
    try {
      await this.removeOlderThan(now - this.keepSeconds * 1000);
    } catch (error) {
      if (!isAmunError(error)) throw error;
    }
  }

  private async removeOlderThan(moment: number): Promise<void> {
    const query = { labelSelector: `${OURS},${LABEL_KIND}=build` };
    const path = imageStreamsPath(this.namespace);
    const list = asObject(await this.api.get(path, { query, metadataOnly: true }));
    for (const item of asArray(list['items'])) {
      const meta = parseKubeObject(item)?.metadata;
      const createdAt = asTime(asObject(asObject(item)['metadata'])['creationTimestamp']);
      if (meta === undefined || createdAt === undefined) continue;
      if (Date.parse(createdAt) >= moment) continue;
      const { name, uid } = meta;
      await orMissing(this.api.remove(imageStreamsPath(this.namespace, name), { uid }));
    }
  }
}
