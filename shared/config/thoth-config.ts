import { AmunError } from '../errors/amun-error.js';
import { isThothHost } from '../inspection/rules/thoth-host.js';
import { readList, readText, type Environment } from './read-variable.js';

/** Which Thoth builds may ask for advice. */
export interface ThothConfig {
  /** "host" or "host:port", for whoever names none; undefined: there is none. */
  readonly host: string | undefined;
  /** Everyone that may be asked, that one first. */
  readonly hosts: readonly string[];
  /** False where its certificate does not count. */
  readonly tlsVerify: boolean;
}

/** Throws InvalidRequest naming the variable. */
export function loadThothConfig(environment: Environment): ThothConfig {
  const [host] = readHosts(environment, 'AMUN_THOTH_HOST');
  const others = readHosts(environment, 'AMUN_THOTH_HOSTS');
  return {
    host,
    hosts: [...new Set(host === undefined ? others : [host, ...others])],
    tlsVerify: readTlsVerify(environment),
  };
}

function readHosts(environment: Environment, name: 'AMUN_THOTH_HOST' | 'AMUN_THOTH_HOSTS') {
  const hosts = readList(environment, name).map((host) => host.toLowerCase());
  const wrong = hosts.find((host) => !isThothHost(host));
  if (wrong !== undefined) {
    throw new AmunError(
      'InvalidRequest',
      `${name} has "${wrong}"; write a host without https:// and path, with its port where it needs one, like "thoth.example.org:8443".`,
    );
  }
  if (name === 'AMUN_THOTH_HOSTS' || hosts.length < 2) return hosts;
  throw new AmunError(
    'InvalidRequest',
    `AMUN_THOTH_HOST names ${hosts.length} hosts; name one, and the others in AMUN_THOTH_HOSTS.`,
  );
}

function readTlsVerify(environment: Environment): boolean {
  const text = readText(environment, 'AMUN_THOTH_TLS_VERIFY') ?? 'true';
  if (text === 'true' || text === 'false') return text === 'true';
  throw new AmunError('InvalidRequest', `AMUN_THOTH_TLS_VERIFY is "${text}"; write true or false.`);
}
