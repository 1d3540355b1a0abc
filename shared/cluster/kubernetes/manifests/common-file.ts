import { createHash } from 'node:crypto';
import type { V1ConfigMap } from '@kubernetes/client-node';
import { keepByText } from '../keep-by-text.js';
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

/** Of large files that each request brings again, as the same strings. */
const digestOf = keepByText((content) => createHash('sha256').update(content).digest('hex'));
