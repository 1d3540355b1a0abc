import { readFileSync } from 'node:fs';

/** The variables that say how this machine reaches the network. */
const NAMES = ['HTTP_PROXY', 'HTTPS_PROXY', 'NO_PROXY', 'PIP_INDEX_URL', 'PIP_EXTRA_INDEX_URL'];

/** Those that are set, by their names. */
export function operatorEnvironment(): Record<string, string> {
  const given = NAMES.map((name) => [name, process.env[name] ?? ''] as const);
  return Object.fromEntries(given.filter(([, value]) => value !== ''));
}

/** The certificates that this machine trusts, PEM; empty where none are named. */
export function operatorAuthorities(): string {
  const file =
    process.env['AMUN_CA_BUNDLE'] ??
    process.env['SSL_CERT_FILE'] ??
    process.env['NODE_EXTRA_CA_CERTS'];
  return file === undefined || file === '' ? '' : readFileSync(file, 'utf8');
}
