import type { Finding } from '../../errors/amun-error.js';
import { jsonPointer, quoteText } from '../validation/json-pointer.js';

/**
 * name, then an architecture or epoch after a colon, then a version after "=" or as part of the
 * name, as apt, dnf and apk have them: "libc6:amd64", "jq=1.6-2.1", "jq-1.6-9.el9", "bash~5".
 * Nothing in it means anything to a shell.
 */
const PACKAGE =
  /^[A-Za-z0-9][A-Za-z0-9+._^~-]*(?::[A-Za-z0-9+._^~-]+)?(?:=[A-Za-z0-9][A-Za-z0-9+._:^~-]*)?$/;

/** Names of native packages, each one word that a package manager cannot take for an option. */
export function checkNativePackages(packages: readonly string[]): Finding[] {
  return packages.flatMap((name, index) => {
    const message = explain(name);
    return message === undefined ? [] : [{ pointer: jsonPointer('packages', index), message }];
  });
}

function explain(name: string): string | undefined {
  if (name === '') return 'The name of the package is empty; write one, or leave the entry out.';
  const package_ = `The package ${quoteText(name)}`;
  if (name.startsWith('-'))
    return `${package_} begins with -; options cannot be passed, name a package.`;
  if (name.endsWith('-')) return `${package_} ends with -, which would remove it; leave the - out.`;
  if (PACKAGE.test(name)) return undefined;
  if (/^\S+ +\S/.test(name)) return `${package_} holds a space; write one package an entry.`;
  if (name.includes('==')) return `${package_} has ==; native versions are written name=version.`;
  return `${package_} is no package name; write letters, digits and + . _ - with an optional :arch and =version, for example "jq" or "libc6:amd64".`;
}
