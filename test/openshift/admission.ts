/** What OpenShift's API server refuses, as it says so. */
export interface Refused {
  readonly code: number;
  readonly reason: string;
  readonly message: string;
}

const STREAM_NAME = /^[a-z0-9]+(?:[._-][a-z0-9]+)*$/;
const MOST_DOCKERFILE_BYTES = 60_000;

type Json = Readonly<Record<string, unknown>>;

/** Looks at a new ImageStream. */
export function admitImageStream(object: Json): Refused | undefined {
  const name = nameOf(object);
  return STREAM_NAME.test(name)
    ? undefined
    : invalid('ImageStream', name, 'metadata.name', 'must match "[a-z0-9]+(?:[._-][a-z0-9]+)*"');
}

/** Looks at a new BuildConfig with the Docker strategy. */
export function admitBuildConfig(object: Json): Refused | undefined {
  const name = nameOf(object);
  const refuse = (field: string, words: string): Refused =>
    invalid('BuildConfig', name, `spec.${field}`, words);
  const spec = child(object, 'spec');
  const source = child(spec, 'source');
  const { dockerfile } = source;
  if (typeof dockerfile !== 'string' || dockerfile === '') {
    const words =
      'must provide a value for at least one source input(git, binary, dockerfile, images).';
    return refuse('source', words);
  }
  if (Buffer.byteLength(dockerfile) > MOST_DOCKERFILE_BYTES) {
    return refuse('source.dockerfile', `must be smaller than ${MOST_DOCKERFILE_BYTES} bytes`);
  }
  for (const map of (source['configMaps'] ?? []) as Json[]) {
    const folder = (map['destinationDir'] ?? '') as string;
    if (folder.startsWith('/')) {
      const words = 'for the docker strategy the destinationDir has to be relative path';
      return refuse('source.configMaps[0].destinationDir', words);
    }
    if (/^(?:\.\/)*\.\./.test(folder)) {
      return refuse(
        'source.configMaps[0].destinationDir',
        "destination dir cannot start with '..'",
      );
    }
  }
  const [stream, tag] = String(child(child(spec, 'output'), 'to')['name']).split(':');
  if (tag === undefined) {
    const words = 'ImageStreamTag object references must be in the form <name>:<tag>';
    return refuse('output.to.name', words);
  }
  if (!STREAM_NAME.test(stream ?? '')) {
    return refuse('output.to.name', 'ImageStreamTag name contains invalid syntax');
  }
  const deadline = spec['completionDeadlineSeconds'] as number | undefined;
  if (deadline !== undefined && !(deadline > 0)) {
    const words = 'completionDeadlineSeconds must be a positive integer greater than 0';
    return refuse('completionDeadlineSeconds', words);
  }
  const policy = spec['runPolicy'] as string | undefined;
  if (policy !== undefined && !['Parallel', 'Serial', 'SerialLatestOnly'].includes(policy)) {
    return refuse('runPolicy', 'run policy must Parallel, Serial, or SerialLatestOnly');
  }
  return undefined;
}

function child(object: Json, name: string): Json {
  return (object[name] ?? {}) as Json;
}

function nameOf(object: Json): string {
  return String(child(object, 'metadata')['name']);
}

function invalid(kind: string, name: string, field: string, words: string): Refused {
  const message = `${kind} "${name}" is invalid: ${field}: Invalid value: ${words}`;
  return { code: 422, reason: 'Invalid', message };
}
