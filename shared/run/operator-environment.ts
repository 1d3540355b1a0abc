/** Where the operator's CA bundle is seen inside a run. */
export const BUNDLE_IN_RUN = '/amun/ca.pem';

/** The variables by which common programs and libraries find CA certificates. */
const BUNDLE_VARIABLES = [
  'SSL_CERT_FILE',
  'REQUESTS_CA_BUNDLE',
  'CURL_CA_BUNDLE',
  'PIP_CERT',
  'NODE_EXTRA_CA_CERTS',
  'GIT_SSL_CAINFO',
];

/**
 * The operator's variables of every run: proxies in both spellings, and where the bundle is.
 *
 * @param environment HTTP_PROXY, HTTPS_PROXY, NO_PROXY, PIP_INDEX_URL, those that are set
 * @param hasBundle true where a bundle is mounted at BUNDLE_IN_RUN
 */
export function operatorEnvironment(
  environment: Readonly<Record<string, string>>,
  hasBundle: boolean,
): Record<string, string> {
  const bundle = hasBundle ? BUNDLE_VARIABLES.map((name) => [name, BUNDLE_IN_RUN] as const) : [];
  return Object.fromEntries([...inBothSpellings(environment), ...bundle]);
}

/** Proxies are read as HTTP_PROXY by some programs and as http_proxy by others. */
export function inBothSpellings(
  environment: Readonly<Record<string, string>>,
): (readonly [string, string])[] {
  return Object.entries(environment).flatMap(([name, value]) =>
    name.endsWith('_PROXY')
      ? [[name, value] as const, [name.toLowerCase(), value] as const]
      : [[name, value] as const],
  );
}
