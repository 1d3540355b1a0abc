import { readFileSync } from 'node:fs';
import { AmunError } from '../errors/amun-error.js';
import { readText, type Environment } from './read-variable.js';

/** Where OpenFaaS mounts the secrets that stack.yml names for a function. */
const OPENFAAS_SECRETS = '/var/openfaas/secrets';

/**
 * A secret: the variable itself, the file that NAME_FILE names, or OpenFaaS' place for secrets.
 *
 * @param openfaasName its name among OpenFaaS' secrets
 * @returns undefined where there is none. Throws InvalidRequest for a file that cannot be read
 */
export function readSecret(
  environment: Environment,
  name: string,
  openfaasName: string,
): string | undefined {
  const value = readText(environment, name);
  if (value !== undefined) return value;
  const named = readText(environment, `${name}_FILE`);
  for (const file of [named, `${OPENFAAS_SECRETS}/${openfaasName}`]) {
    if (file === undefined) continue;
    try {
      return readFileSync(file, 'utf8').trim() || undefined;
    } catch (error) {
      if (file !== named) continue;
      throw new AmunError('InvalidRequest', `${name}_FILE: ${file} cannot be read.`, {
        cause: error,
      });
    }
  }
  return undefined;
}
