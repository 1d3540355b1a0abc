import { AmunError } from '../errors/amun-error.js';
import type { BuildContext, ContextFile } from '../inspection/build-context.js';

/** The operator's extra certificates, PEM; empty in a context as created. */
export const OPERATOR_CA_FILE = 'operator-ca.pem';

/** The operator's variables, `NAME=value` lines; empty in a context as created. */
export const OPERATOR_ENVIRONMENT_FILE = 'operator.env';

/** What the operator of a cluster gives to every build on it. */
export interface OperatorSettings {
  /** PEM certificates, trusted beside those that the image trusts. */
  readonly caBundle?: string;
  /** Proxies and package indexes: HTTPS_PROXY, NO_PROXY, PIP_INDEX_URL, … */
  readonly environment: Readonly<Record<string, string>>;
}

const NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;

/** Programs disagree on the case of these: curl reads http_proxy only, others HTTP_PROXY only. */
const PROXY = /^(?:https?|ftp|all|no)_proxy$/i;

/** The two files as every context has them, so that its identity is the same for all operators. */
export function emptyOperatorFiles(): ContextFile[] {
  return [OPERATOR_CA_FILE, OPERATOR_ENVIRONMENT_FILE].map((path) => operatorFile(path, ''));
}

/**
 * The context with the operator's settings in it. For cluster adapters, at the moment of the build:
 * what identifies or shows a context must be taken before. Throws InvalidRequest for a variable that
 * cannot be written as one line.
 */
export function withOperatorFiles(context: BuildContext, settings: OperatorSettings): BuildContext {
  const filled = new Map([
    [OPERATOR_CA_FILE, bundleFile(settings.caBundle)],
    [
      OPERATOR_ENVIRONMENT_FILE,
      operatorFile(OPERATOR_ENVIRONMENT_FILE, writeVariables(settings.environment)),
    ],
  ]);
  return { files: context.files.map((file) => filled.get(file.path) ?? file) };
}

/** The adapters' own folder or ConfigMap is private; inside the build root reads them. */
function operatorFile(path: string, content: string): ContextFile {
  return { path, content, mode: 0o644 };
}

function bundleFile(bundle: string | undefined): ContextFile {
  const file = operatorFile(OPERATOR_CA_FILE, bundle ?? '');
  return bundle === undefined ? file : { ...file, isCommon: true };
}

function writeVariables(environment: Readonly<Record<string, string>>): string {
  const lines = Object.entries(inBothCases(environment))
    .filter(([, value]) => value !== '')
    .map(([name, value]) => {
      if (NAME.test(name) && !/[\0\r\n]/.test(value)) return `${name}=${value}\n`;
      throw new AmunError(
        'InvalidRequest',
        `The variable ${JSON.stringify(name)} cannot be given to builds; its name must be letters, digits and _, its value one line.`,
      );
    });
  return lines.sort().join('');
}

function inBothCases(environment: Readonly<Record<string, string>>): Record<string, string> {
  const proxies = Object.entries(environment).filter(([name]) => PROXY.test(name));
  return Object.fromEntries([
    ...proxies.map(([name, value]) => [name.toLowerCase(), value]),
    ...proxies.map(([name, value]) => [name.toUpperCase(), value]),
    ...Object.entries(environment),
  ]) as Record<string, string>;
}
