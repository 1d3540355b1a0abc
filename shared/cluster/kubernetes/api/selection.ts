/** Which objects are listed and watched, and how much of each. */
export interface Selection {
  /** Of a kind of objects: "/api/v1/namespaces/amun/pods". */
  readonly path: string;
  readonly labelSelector?: string | undefined;
  /** Names, labels and annotations alone. Default false. */
  readonly metadataOnly?: boolean;
  readonly signal: AbortSignal;
}
