import { isAmunError } from '../../../errors/amun-error.js';
import { asArray, asObject } from '../../../json/read-json.js';
import type { ApiServer } from '../api/api-server.js';
import type { PodState } from '../observe/parse-pod.js';
import { asName } from '../read-fields.js';
import { describeWorkload } from './describe-workload.js';
import { KUEUE_API, LABEL_JOB_UID } from './names.js';

const VERSION = /^v[0-9a-z]{1,20}$/;
const UID = /^[0-9A-Za-z-]{1,63}$/;

/** What Kueue's API says of the queues of one namespace. */
export class Queues {
  private path: string | undefined;

  constructor(
    private readonly api: ApiServer,
    private readonly namespace: string,
  ) {}

  /**
   * Where objects of a kind ("localqueues") are, in the version that the API server prefers. Throws
   * NotFound where it serves no Kueue.
   */
  async pathOf(kind: string): Promise<string> {
    this.path ??= await this.find();
    return `${this.path}/namespaces/${encodeURIComponent(this.namespace)}/${kind}`;
  }

  /**
   * What Kueue says of the first of these pods that waits for it; undefined where none does, or where
   * that cannot be read now. The words are an addition: nobody waits for them in vain.
   */
  async explain(pods: readonly PodState[]): Promise<string | undefined> {
    const uid = pods.find(({ gated }) => gated?.queue !== undefined && gated.isManaged)?.gated?.uid;
    if (uid === undefined || !UID.test(uid)) return undefined;
    try {
      const query = { labelSelector: `${LABEL_JOB_UID}=${uid}` };
      const list = asObject(await this.api.get(await this.pathOf('workloads'), { query }));
      return describeWorkload(asArray(list['items'])[0]);
    } catch (error) {
      if (isAmunError(error)) return undefined;
      throw error;
    }
  }

  private async find(): Promise<string> {
    const group = asObject(await this.api.get(KUEUE_API));
    const version = asName(asObject(group['preferredVersion'])['version'], 20);
    const known = version !== undefined && VERSION.test(version) ? version : 'v1beta1';
    return `${KUEUE_API}/${known}`;
  }
}
