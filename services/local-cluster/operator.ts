import { copyFile, mkdir } from 'node:fs/promises';
import path from 'node:path';
import { AmunError } from '../../shared/errors/amun-error.js';
import type { LocalClusterOptions } from '../../shared/cluster/local/options.js';
import type { Layout } from '../../shared/cluster/local/layout.js';
import { BUNDLE_IN_RUN, operatorEnvironment } from '../../shared/run/operator-environment.js';

/** What the operator's network needs, as builds and runs get it. */
export interface Operator {
  readonly environment: Readonly<Record<string, string>>;
  /** A copy of the CA bundle that may be mounted and labelled; absent where there is none. */
  readonly caBundle?: string;
}

/** Takes a copy of the operator's CA bundle into the cluster's folder. */
export async function prepareOperator(
  layout: Layout,
  { caBundlePath, environment = {} }: LocalClusterOptions,
): Promise<Operator> {
  if (caBundlePath === undefined) return { environment };
  const folder = path.join(layout.root, 'operator');
  const caBundle = path.join(folder, 'ca.pem');
  await mkdir(folder, { recursive: true });
  try {
    await copyFile(caBundlePath, caBundle);
  } catch (error) {
    throw new AmunError(
      'InvalidRequest',
      `The CA bundle ${caBundlePath} cannot be read; name one that can, or none.`,
      { cause: error },
    );
  }
  return { environment, caBundle };
}

/** Variables of every run. */
export function runEnvironment({ environment, caBundle }: Operator): Record<string, string> {
  return operatorEnvironment(environment, caBundle !== undefined);
}

/** The engine's arguments that mount the bundle. */
export function bundleMount({ caBundle }: Operator): string[] {
  return caBundle === undefined ? [] : ['--volume', `${caBundle}:${BUNDLE_IN_RUN}:ro,z`];
}
