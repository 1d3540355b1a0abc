/** What is known of a built image; its file's modification time is that of the last use. */
export interface ImageRecord {
  /** "sha256:<64 hex>" */
  readonly image: string;
  /** The name under which the engine keeps it. */
  readonly tag: string;
  readonly buildId: string;
  /** The folder in the engine's storage that exists as long as the image does, where known. */
  readonly storagePath?: string;
}
