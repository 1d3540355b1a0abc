import { withOperatorFiles } from '../../../dockerfile/operator-files.js';
import { AmunError } from '../../../errors/amun-error.js';
import {
  REQUEST_KEY,
  type PackedRequest,
  type StoredBuild,
  type StoredFile,
} from '../../kubernetes/manifests/stored-request.js';
import type { OperatorOptions } from '../../kubernetes/options.js';
import type { BuildRequest } from '../../port.js';

/** Keys of files that do not lie in the context's root under that name. */
const PREFIX = 'amun-file-';
const KEY = /^(?!\.\.?$|\.\.)[-._a-zA-Z0-9]{1,253}$/;

/**
 * Packs a build for a ConfigMap that is itself the source of its context: OpenShift copies every key
 * into the root, as a file. The request lies there beside the files; no step reads it. Files in
 * folders are kept under other keys, and copied to where they belong by `folderMaps`.
 */
export function packBuild(operator: OperatorOptions, request: BuildRequest): PackedRequest {
  const { id, requests, timeoutSeconds, cacheKey } = request;
  const context = withOperatorFiles(request.context, operator);
  const files = context.files.map(({ path, mode }, index): StoredFile => {
    requirePath(path);
    return { key: isOwnKey(path) ? path : `${PREFIX}${index}`, path, mode };
  });
  const stored: StoredBuild = {
    ...{ kind: 'build', id, files, requests, timeoutSeconds },
    ...(cacheKey === undefined ? {} : { cacheKey }),
  };
  const contents = context.files.map(({ content }, index) => [files[index]?.key ?? '', content]);
  return {
    stored,
    data: {
      ...(Object.fromEntries(contents) as Record<string, string>),
      [REQUEST_KEY]: JSON.stringify(stored),
    },
    common: [],
  };
}

/** True for a file that is copied into the root under its own name. */
function isOwnKey(path: string): boolean {
  return !path.includes('/') && path !== REQUEST_KEY && !path.startsWith(PREFIX);
}

function requirePath(path: string): void {
  if (path.split('/').every((part) => KEY.test(part))) return;
  throw new AmunError(
    'InvalidRequest',
    `"${path}" cannot be the path of a file in a build context; use letters, digits, "-", "_" and "." in its parts.`,
  );
}
