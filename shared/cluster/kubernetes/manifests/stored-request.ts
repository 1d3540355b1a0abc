import { withOperatorFiles } from '../../../dockerfile/operator-files.js';
import type { ContextFile } from '../../../inspection/build-context.js';
import type { EnvironmentVariable, Requests } from '../../../inspection/specification.js';
import type { BuildRequest, JobRequest } from '../../port.js';
import type { KubernetesOptions, OperatorOptions, Placement, RunOptions } from '../options.js';
import { COMMON_KEY, commonFile, type CommonFile } from './common-file.js';

/** A file whose content lies under `key` of a ConfigMap. */
export interface StoredFile {
  readonly key: string;
  readonly path: string;
  readonly mode: number;
  /** The ConfigMap. Default: the owner. */
  readonly map?: string;
}

/** A build request as its owner keeps it, beside the files' contents. */
export interface StoredBuild {
  readonly kind: 'build';
  readonly id: string;
  readonly files: readonly StoredFile[];
  readonly requests: Requests;
  readonly timeoutSeconds: number;
  readonly cacheKey?: string;
  /** The ConfigMap of the operator's CA bundle, where there is one. */
  readonly bundle?: string;
}

/** A job request as its owner keeps it: all that is needed to make its pods, now or again later. */
export interface StoredJob {
  readonly kind: 'job';
  readonly id: string;
  readonly image: string;
  readonly batchSize: number;
  readonly files: readonly StoredFile[];
  readonly init: readonly string[];
  readonly command: readonly string[];
  readonly environment: readonly EnvironmentVariable[];
  readonly requests: Requests;
  readonly timeoutSeconds: number;
  readonly bundle?: string;
}

export type StoredRequest = StoredBuild | StoredJob;

/** Where the owner keeps the request. */
export const REQUEST_KEY = 'request.json';
/** Where a build's owner keeps BuildKit's configuration. */
export const REGISTRIES_KEY = 'buildkitd.toml';

/** A request in the form in which a ConfigMap carries it: small parts as JSON, files by key. */
export interface PackedRequest {
  readonly stored: StoredRequest;
  readonly data: Readonly<Record<string, string>>;
  /** What it shares with others, which has to be there before its pods. */
  readonly common: readonly CommonFile[];
  /** Kueue's queue that its pods wait in. */
  readonly queue?: string;
}

/** The ConfigMaps beside its owner that the pods of a request mount. */
export function mapsOf({ files, bundle }: StoredRequest): string[] {
  const maps = [...files.map(({ map }) => map), bundle];
  return [...new Set(maps.filter((map) => map !== undefined))];
}

/** Packs a build, its context filled with the operator's files. */
export function packBuild(options: KubernetesOptions, request: BuildRequest): PackedRequest {
  const { operator, builder, builds } = options;
  const packed = packFiles(withOperatorFiles(request.context, operator).files);
  packed.data[REGISTRIES_KEY] = registriesConfig(builder.insecureRegistries);
  const { id, requests, timeoutSeconds, cacheKey } = request;
  const cache = cacheKey === undefined ? {} : { cacheKey };
  const stored = { kind: 'build', id, requests, timeoutSeconds, ...cache } as const;
  return pack(operator, builds, { ...stored, files: packed.files }, packed);
}

/** Packs a job. */
export function packJob(
  { operator, runs }: Pick<RunOptions, 'operator' | 'runs'>,
  request: JobRequest,
): PackedRequest {
  const packed = packFiles(request.files);
  return pack(operator, runs, { ...request, kind: 'job', files: packed.files }, packed);
}

/** Files by number, and their contents: those of the request alone, and those that it shares. */
interface PackedFiles {
  readonly files: readonly StoredFile[];
  readonly data: Record<string, string>;
  readonly common: readonly CommonFile[];
}

function pack(
  { caBundle }: OperatorOptions,
  { queue }: Placement,
  request: StoredRequest,
  { data, common }: PackedFiles,
): PackedRequest {
  const bundle = caBundle === undefined ? undefined : commonFile(caBundle);
  const stored = bundle === undefined ? request : { ...request, bundle: bundle.name };
  return {
    stored,
    data: { ...data, [REQUEST_KEY]: JSON.stringify(stored) },
    common: bundle === undefined ? common : [...common, bundle],
    ...(queue === undefined ? {} : { queue }),
  };
}

/** Paths are no keys ("/", length): files are numbered, and mounted by number. */
function packFiles(files: readonly ContextFile[]): PackedFiles {
  const data: Record<string, string> = {};
  const common: CommonFile[] = [];
  const stored = files.map(({ path, mode, content, isCommon }, index): StoredFile => {
    if (isCommon === true) {
      const shared = commonFile(content);
      common.push(shared);
      return { key: COMMON_KEY, path, mode, map: shared.name };
    }
    const key = `file-${index}`;
    data[key] = content;
    return { key, path, mode };
  });
  return { files: stored, data, common };
}

/** Registries are reached by TLS but for these. JSON's strings are TOML's. */
function registriesConfig(insecure: readonly string[]): string {
  return insecure
    .map((host) => `[registry.${JSON.stringify(host)}]\nhttp = true\ninsecure = true\n`)
    .join('\n');
}
