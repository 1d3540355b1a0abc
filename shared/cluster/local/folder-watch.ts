import { watch, type FSWatcher } from 'node:fs';

/**
 * Tells at once when something in a folder appears, changes or goes. Where the system cannot
 * watch (no inotify left), only the callers' own fallback is left, so there must be one.
 */
export class FolderWatch {
  private readonly watchers = new Map<string, FSWatcher>();

  constructor(private readonly onChange: (folder: string, name: string | undefined) => void) {}

  /** Begins to watch a folder; one that does not exist is left out. Twice is the same as once. */
  add(folder: string): void {
    if (this.watchers.has(folder)) return;
    try {
      const watcher = watch(folder, { persistent: false }, (_, name) =>
        this.onChange(folder, name ?? undefined),
      );
      watcher.on('error', () => this.remove(folder));
      this.watchers.set(folder, watcher);
    } catch {
      // Gone already, or the system's watches are used up: the fallback sees to it.
    }
  }

  remove(folder: string): void {
    this.watchers.get(folder)?.close();
    this.watchers.delete(folder);
  }

  close(): void {
    for (const folder of [...this.watchers.keys()]) this.remove(folder);
  }
}
