/** How the local cluster is set up; what is absent is found out from the machine. */
export interface LocalClusterOptions {
  /** The stack's directory; the cluster keeps everything of its own under `<directory>/cluster`. */
  readonly directory: string;
  readonly engine?: 'podman' | 'docker' | undefined;
  /** Cores that builds and runs may use together. */
  readonly cpus?: number | undefined;
  /** Bytes that builds and runs may use together. */
  readonly memoryBytes?: number | undefined;
  /** The engine's name of the network that runs get: "slirp4netns", "bridge", "none", … */
  readonly network?: string | undefined;
  /** PEM file of CA certificates that builds and runs trust besides their image's own. */
  readonly caBundlePath?: string | undefined;
  /** HTTP_PROXY, HTTPS_PROXY, NO_PROXY, PIP_INDEX_URL as builds and runs get them. */
  readonly environment?: Readonly<Record<string, string>> | undefined;
  /** How long an image stays after its last use. Default three hours. */
  readonly imageCacheSeconds?: number | undefined;
}

const HOUR_SECONDS = 3600;

/** Images outlive the time for which a finished build serves further inspections. */
export const DEFAULT_IMAGE_CACHE_SECONDS = 3 * HOUR_SECONDS;
