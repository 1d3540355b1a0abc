import type { Finding } from '../../errors/amun-error.js';
import { checkAdvise } from '../rules/check-advise.js';
import { checkBaseImage } from '../rules/check-base-image.js';
import { checkEnvironment } from '../rules/check-environment.js';
import { checkFiles } from '../rules/check-files.js';
import { checkIdentifier } from '../rules/check-identifier.js';
import { checkLabels } from '../rules/check-labels.js';
import { checkNativePackages } from '../rules/check-native-packages.js';
import { checkPythonPackages } from '../rules/check-python-packages.js';
import { checkPythonStack } from '../rules/check-python-stack.js';
import { checkRequests } from '../rules/check-requests.js';
import { checkScript } from '../rules/check-script.js';
import type { SentSpecification } from './sent-specification.js';

type Rules = {
  readonly [Field in keyof SentSpecification]?: (
    value: NonNullable<SentSpecification[Field]>,
    sent: SentSpecification,
  ) => Finding[];
};

/** One family of rules a field; what is not here is said by the schema alone. */
const RULES: Rules = {
  base: checkBaseImage,
  identifier: checkIdentifier,
  labels: checkLabels,
  packages: checkNativePackages,
  python_packages: checkPythonPackages,
  python: (stack, { advise }) => checkPythonStack(stack, advise !== undefined),
  advise: checkAdvise,
  files: checkFiles,
  environment: checkEnvironment,
  script: checkScript,
  build: (stage) => checkRequests('build', stage),
  run: (stage) => checkRequests('run', stage),
};

/**
 * What the schema cannot say.
 * @param broken names of the fields that do not even fit the schema: they are left out
 */
export function checkMeaning(sent: SentSpecification, broken: ReadonlySet<string>): Finding[] {
  return Object.entries(RULES).flatMap(([field, check]) => {
    const value = sent[field as keyof SentSpecification];
    if (value === undefined || broken.has(field)) return [];
    return (check as (value: unknown, sent: SentSpecification) => Finding[])(value, sent);
  });
}
