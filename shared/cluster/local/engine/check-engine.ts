import { AmunError } from '../../../errors/amun-error.js';
import type { ClusterHealth } from '../../port.js';
import type { Layout } from '../layout.js';
import type { LocalClusterOptions } from '../options.js';
import { describeEngine } from './engine.js';
import { findEngine } from './find-engine.js';

/** Whether this machine can build and run; what is missing comes with the command that mends it. */
export async function checkEngine(
  layout: Layout,
  options: LocalClusterOptions,
): Promise<ClusterHealth> {
  try {
    return { description: describeEngine(await findEngine(layout, options)), ready: true };
  } catch (error) {
    if (!(error instanceof AmunError)) throw error;
    return { description: 'no container engine', ready: false, problem: error.message };
  }
}
