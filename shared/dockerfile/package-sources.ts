import type { Json, JsonObject } from '../inspection/specification.js';

/** An index of Python packages, as Pipfile and Pipfile.lock name it. */
export type PackageSource = JsonObject & {
  readonly name: string;
  readonly url: string;
  readonly verify_ssl: boolean;
};

/** Sources with the fields that installers read without asking whether they are there. */
export function completeSources(sources: Json | undefined): PackageSource[] {
  if (!Array.isArray(sources)) return [];
  return sources.filter(isSource).map((source, index) => ({
    ...source,
    name: typeof source.name === 'string' ? source.name : `index-${index}`,
    verify_ssl: source.verify_ssl !== false,
  }));
}

/**
 * Hosts (with their port, where it is not the scheme's own) that pip must be told to trust: those
 * of http sources and of sources whose certificate is not to be verified.
 */
export function trustedHosts(sources: readonly PackageSource[]): string[] {
  const hosts = sources
    .filter((source) => !source.verify_ssl || /^http:/i.test(source.url))
    .map((source) => hostOf(source.url))
    .filter((host) => host !== undefined);
  return [...new Set(hosts)].sort();
}

function isSource(source: Json): source is JsonObject & { url: string } {
  return (
    typeof source === 'object' &&
    source !== null &&
    !Array.isArray(source) &&
    typeof source.url === 'string'
  );
}

function hostOf(url: string): string | undefined {
  return URL.canParse(url) ? new URL(url).host : undefined;
}
