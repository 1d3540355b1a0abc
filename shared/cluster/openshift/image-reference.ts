/** An image in OpenShift's own registry. */
export interface ImageReference {
  /** All of it: "registry:5000/namespace/stream@sha256:…". */
  readonly reference: string;
  readonly namespace: string;
  /** The name of its ImageStream. */
  readonly stream: string;
  readonly digest: string;
}

const REFERENCE =
  /^[a-zA-Z0-9.-]+(?::[0-9]{1,5})?\/([a-z0-9-]{1,63})\/([a-z0-9]+(?:[._-][a-z0-9]+)*)@(sha256:[0-9a-f]{64})$/;

/** Takes a reference by digest apart; undefined for anything else. */
export function parseImage(reference: string): ImageReference | undefined {
  if (reference.length > 1024) return undefined;
  const [, namespace, stream, digest] = REFERENCE.exec(reference) ?? [];
  if (namespace === undefined || stream === undefined || digest === undefined) return undefined;
  return { reference, namespace, stream, digest };
}
