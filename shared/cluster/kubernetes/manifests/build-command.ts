import script from './build.sh';
import type { BuilderOptions } from '../options.js';
import type { StoredBuild } from './stored-request.js';

/** Where the build context is mounted. Its files are links to `..data`; BuildKit wants the files. */
export const CONTEXT_FOLDER = '/workspace';
const CONTEXT = `${CONTEXT_FOLDER}/..data`;

/** Every pod of a build carries it, and each event about such a pod: without what only people read. */
const SCRIPT = script.replaceAll(/^\s*#.*\n/gm, '');

/** What the build's container runs. */
export function buildCommand(builder: BuilderOptions, build: StoredBuild): string[] {
  const output = `type=image,name=${imageTag(builder, build.id)},push=true`;
  return [
    ...['/bin/sh', '-c', SCRIPT, 'sh'],
    ...['build', '--progress=plain', '--frontend=dockerfile.v0'],
    ...[`--local=context=${CONTEXT}`, `--local=dockerfile=${CONTEXT}`],
    `--output=${output}`,
    ...(build.cacheKey === undefined ? [] : cacheArguments(builder, build.cacheKey)),
  ];
}

/** The name under which a build's image is pushed. */
export function imageTag(builder: BuilderOptions, id: string): string {
  return `${builder.repository}:${id}`;
}

/**
 * A cache that cannot be read or written makes a build slow, not wrong. It has a repository of its own:
 * BuildKit pushes image and cache at the same time (since v0.28, moby/buildkit#6451), and a registry
 * that is given one layer twice at once may refuse the image (Docker's does: "blob unknown to registry").
 */
function cacheArguments(builder: BuilderOptions, key: string): string[] {
  const reference = `type=registry,ref=${builder.repository}-cache:${key}`;
  return [`--import-cache=${reference}`, `--export-cache=${reference},mode=max,ignore-error=true`];
}
