import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A folder of its own; `close` removes it. */
export interface TemporaryFolder {
  readonly path: string;
  close(): Promise<void>;
}

export async function makeTemporaryFolder(): Promise<TemporaryFolder> {
  const path = await mkdtemp(join(tmpdir(), 'amun-bench-'));
  return { path, close: () => rm(path, { recursive: true, force: true, maxRetries: 5 }) };
}
