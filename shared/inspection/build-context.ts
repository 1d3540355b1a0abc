/** A file that travels to the cluster: part of a build context, or mounted into a run. */
export interface ContextFile {
  /** In a build context relative to its root ("Dockerfile", "files/0"); in a run absolute. */
  readonly path: string;
  readonly content: string;
  /** Permission bits, for example 0o644. */
  readonly mode: number;
  /** The same for many builds or runs, so that a cluster may keep it once. */
  readonly isCommon?: true;
}

/** Everything an image is built from: its Dockerfile and the files beside it. */
export interface BuildContext {
  readonly files: readonly ContextFile[];
}
