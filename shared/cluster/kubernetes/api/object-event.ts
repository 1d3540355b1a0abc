import type { KubeObject } from './kube-object.js';

/**
 * What a list with a watch tells: `present` of each object that is there, anew for each change;
 * `gone` of each that was and is no more; `listed` once all there is has been told.
 */
export type ObjectEvent =
  | { readonly type: 'listed' }
  | { readonly type: 'present'; readonly object: KubeObject }
  | { readonly type: 'gone'; readonly object: KubeObject };
