/** What `podman info --format json` tells, as far as it matters here. */
export interface PodmanInfo {
  readonly version: string;
  readonly isRootless: boolean;
  readonly runtime: string;
  readonly hasSlirp4netns: boolean;
  readonly searchRegistries: readonly string[];
  readonly graphRoot: string;
  readonly graphDriver: string;
  readonly runRoot: string;
}

/** Reads the parts of podman's description of itself; what it does not say is empty. */
export function parsePodmanInfo(json: string): PodmanInfo {
  const info: unknown = JSON.parse(json);
  const text = (...path: string[]): string => {
    const value = lookUp(info, path);
    return typeof value === 'string' ? value : '';
  };
  const search = lookUp(info, ['registries', 'search']);
  return {
    version: text('version', 'Version'),
    isRootless: lookUp(info, ['host', 'security', 'rootless']) === true,
    runtime: text('host', 'ociRuntime', 'name'),
    hasSlirp4netns: text('host', 'slirp4netns', 'executable') !== '',
    searchRegistries: Array.isArray(search) ? search.map(String) : [],
    graphRoot: text('store', 'graphRoot'),
    graphDriver: text('store', 'graphDriverName'),
    runRoot: text('store', 'runRoot'),
  };
}

function lookUp(value: unknown, [key, ...rest]: readonly string[]): unknown {
  if (key === undefined) return value;
  if (typeof value !== 'object' || value === null) return undefined;
  return lookUp((value as Record<string, unknown>)[key], rest);
}
