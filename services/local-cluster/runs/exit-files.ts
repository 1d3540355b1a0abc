import { readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { FolderWatch } from '../../../shared/cluster/local/folder-watch.js';

/** What conmon wrote when a container ended. */
export interface ExitFile {
  readonly exitCode: number;
  readonly finishedAt: string;
}

/** Who waits for the end of a container. */
export interface ExitListener {
  readonly onEnd: (end: ExitFile) => void;
  /** The file came and went before it could be read. */
  readonly onMissed: () => void;
}

const CONTAINER_ID = /^[0-9a-f]{64}$/;
/** Ends that nobody has asked for yet; other stacks' containers end here too. */
const MOST_KEPT = 4096;

/**
 * Sees containers end by the file that conmon writes at that moment: no process waits, and no call
 * of the engine is needed. The engine removes the file a moment later, so it is read at once; what
 * was missed is found out by the callers' own fallback.
 */
export class ExitFiles {
  private readonly seen = new Map<string, ExitFile>();
  private readonly waiting = new Map<string, ExitListener>();
  private readonly watch = new FolderWatch((_, name) => {
    if (name === undefined || !CONTAINER_ID.test(name)) return;
    const listener = this.waiting.get(name);
    if (!this.look(name)) listener?.onMissed();
  });

  constructor(private readonly folder: string) {
    this.watch.add(folder);
  }

  /** Calls back as soon as the container has ended; at once where that is known already. */
  onExit(id: string, listener: ExitListener): void {
    // The folder is made by the first container after a boot.
    this.watch.add(this.folder);
    this.waiting.set(id, listener);
    this.look(id);
  }

  /** Looks once more; true where it is known that it has ended. */
  look(id: string): boolean {
    const end = this.seen.get(id) ?? this.read(id);
    if (end === undefined) return false;
    this.keep(id, end);
    const listener = this.waiting.get(id);
    if (listener === undefined) return true;
    this.forget(id);
    listener.onEnd(end);
    return true;
  }

  /** Nobody wants to know any more. */
  forget(id: string): void {
    this.waiting.delete(id);
    this.seen.delete(id);
  }

  close(): void {
    this.watch.close();
  }

  private read(id: string): ExitFile | undefined {
    const file = path.join(this.folder, id);
    try {
      const text = readFileSync(file, 'utf8').trim();
      if (!/^\d+$/.test(text)) return undefined;
      return { exitCode: Number(text), finishedAt: statSync(file).mtime.toISOString() };
    } catch {
      return undefined;
    }
  }

  private keep(id: string, end: ExitFile): void {
    this.seen.set(id, end);
    const [oldest] = this.seen.keys();
    if (this.seen.size > MOST_KEPT && oldest !== undefined) this.seen.delete(oldest);
  }
}
