import type { Layout } from '../../../shared/cluster/local/layout.js';

/** The name under which the engine keeps a build's image: this stack's own. */
export function imageTag(layout: Layout, buildId: string): string {
  return `localhost/amun-${layout.stack}/${buildId}:latest`;
}
