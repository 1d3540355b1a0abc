import type { Finding } from '../../errors/amun-error.js';
import { jsonPointer, quoteText } from '../validation/json-pointer.js';
import { findControlCharacter } from './control-characters.js';
import { explainRequirement } from './python-requirement.js';

/** Requirements for pip, each a package and nothing else. */
export function checkPythonPackages(packages: readonly string[]): Finding[] {
  return packages.flatMap((requirement, index) => {
    const control = findControlCharacter(requirement);
    const why =
      control === undefined
        ? explainRequirement(requirement)
        : `it holds the control character ${control}; leave it out`;
    if (why === undefined) return [];
    const message = `The Python package ${quoteText(requirement)} cannot be installed: ${why}.`;
    return [{ pointer: jsonPointer('python_packages', index), message }];
  });
}
