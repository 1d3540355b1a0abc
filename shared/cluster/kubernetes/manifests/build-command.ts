import type { BuilderOptions } from '../options.js';
import type { StoredBuild } from './stored-request.js';

/** Where the build context is mounted. Its files are links to `..data`; BuildKit wants the files. */
export const CONTEXT_FOLDER = '/workspace';
const CONTEXT = `${CONTEXT_FOLDER}/..data`;

/**
 * Runs the build, and leaves the digest of what was pushed as the container's last message. A shell
 * that is process 1 hears no signal it does not ask for, hence the trap; a wait that a signal ends
 * is repeated, so that the exit code is the build's.
 */
const SCRIPT = `trap 'kill -TERM "$child" 2>/dev/null' TERM
buildctl-daemonless.sh "$@" --metadata-file=/tmp/metadata.json &
child=$!
wait "$child"
code=$?
while kill -0 "$child" 2>/dev/null; do wait "$child"; code=$?; done
if [ "$code" = 0 ]; then
  sed -n 's/.*"containerimage[.]digest": *"\\(sha256:[0-9a-f]*\\)".*/\\1/p' /tmp/metadata.json >/dev/termination-log
fi
exit "$code"`;

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

/** A cache that cannot be read or written makes a build slow, not wrong. */
function cacheArguments(builder: BuilderOptions, key: string): string[] {
  const reference = `type=registry,ref=${builder.repository}:cache-${key}`;
  return [`--import-cache=${reference}`, `--export-cache=${reference},mode=max,ignore-error=true`];
}
