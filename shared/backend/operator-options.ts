import { readFileSync } from 'node:fs';
import type { OperatorOptions } from '../cluster/kubernetes/options.js';
import type { OperatorConfig } from '../config/config.js';
import { AmunError } from '../errors/amun-error.js';

/** A ConfigMap holds a megabyte, and the specification has half of it. */
const MAX_BUNDLE_BYTES = 400 * 1024;

/** The operator's settings with the certificates themselves; throws InvalidRequest for the file. */
export function operatorOptions({ environment, caBundle }: OperatorConfig): OperatorOptions {
  return { environment, ...readBundle(caBundle) };
}

function readBundle(file: string | undefined): { caBundle?: string } {
  if (file === undefined) return {};
  let caBundle: string;
  try {
    caBundle = readFileSync(file, 'utf8');
  } catch (error) {
    const message = `The CA bundle ${file} cannot be read; name one that can, or none.`;
    throw new AmunError('InvalidRequest', message, { cause: error });
  }
  if (Buffer.byteLength(caBundle) <= MAX_BUNDLE_BYTES) return { caBundle };
  throw new AmunError(
    'InvalidRequest',
    `The CA bundle ${file} is larger than ${MAX_BUNDLE_BYTES / 1024} KiB; name one with the certificates that are needed besides.`,
  );
}
