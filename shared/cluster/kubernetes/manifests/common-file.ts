import { createHash } from 'node:crypto';
import type { V1ConfigMap } from '@kubernetes/client-node';
import { COMMON_LABELS } from '../names.js';

/** A file that many builds or runs mount, in a ConfigMap of its own that is named after it. */
export interface CommonFile {
  /** Of the ConfigMap. */
  readonly name: string;
  readonly content: string;
}

/** Where the ConfigMap has it. */
export const COMMON_KEY = 'content';

export function commonFile(content: string): CommonFile {
  return { name: `amun-file-${digestOf(content).slice(0, 32)}`, content };
}

export function commonFileManifest(namespace: string, { name, content }: CommonFile): V1ConfigMap {
  return {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name, namespace, labels: { ...COMMON_LABELS } },
    immutable: true,
    data: { [COMMON_KEY]: content },
  };
}

/** Those met last: they are few, large, and the same strings in every request. */
const known = new Map<string, string>();
const MOST_KNOWN = 64;

function digestOf(content: string): string {
  const digest = known.get(content) ?? createHash('sha256').update(content).digest('hex');
  if (known.size >= MOST_KNOWN) known.clear();
  known.set(content, digest);
  return digest;
}
