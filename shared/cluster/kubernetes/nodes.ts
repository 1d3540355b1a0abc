import { isAmunError } from '../../errors/amun-error.js';
import { asArray, asObject } from '../../json/read-json.js';
import type { ApiServer } from './api/api-server.js';
import { parseNode, type NodeSeen } from './observe/parse-node.js';

/** Nodes come and go slowly; every submission asks for them. */
const FRESH_MS = 10_000;

/** The cluster's nodes, read at most once in ten seconds. */
export class Nodes {
  private known:
    { readonly at: number; readonly nodes: Promise<readonly NodeSeen[] | undefined> } | undefined;

  constructor(private readonly api: ApiServer) {}

  /** undefined where reading them is not permitted: then nobody can say what no node meets. */
  list(): Promise<readonly NodeSeen[] | undefined> {
    const now = Date.now();
    if (this.known === undefined || now - this.known.at > FRESH_MS) {
      const nodes = this.read();
      this.known = { at: now, nodes };
      // A failure is not remembered.
      nodes.catch(() => (this.known = undefined));
    }
    return this.known.nodes;
  }

  private async read(): Promise<readonly NodeSeen[] | undefined> {
    try {
      const list = asObject(await this.api.get('/api/v1/nodes', { query: { resourceVersion: 0 } }));
      return asArray(list['items']).map(parseNode);
    } catch (error) {
      if (isAmunError(error, 'Forbidden')) return undefined;
      throw error;
    }
  }
}
