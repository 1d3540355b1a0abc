import { mkdir, open, rm } from 'node:fs/promises';
import path from 'node:path';
import { hasCode, readJsonFile } from '../../shared/cluster/local/atomic-file.js';
import type { Layout } from '../../shared/cluster/local/layout.js';
import { AmunError } from '../../shared/errors/amun-error.js';
import { asNumber, asObject, asText } from '../../shared/json/read-json.js';
import {
  identifyProcess,
  isAlive,
  type ProcessIdentity,
} from '../../shared/process/process-identity.js';

/**
 * Makes this process the folder's only agent until `release`. Throws Conflict where another one is
 * at work; the lock of one that was killed is taken over.
 */
export async function takeAgentLock(layout: Layout): Promise<{ release(): Promise<void> }> {
  await mkdir(layout.root, { recursive: true });
  const file = path.join(layout.root, 'agent.pid');
  const self = identifyProcess(process.pid);
  for (;;) {
    try {
      const handle = await open(file, 'wx');
      await handle.writeFile(JSON.stringify(self));
      await handle.close();
      return { release: () => rm(file, { force: true }) };
    } catch (error) {
      if (!hasCode(error, 'EEXIST')) throw error;
    }
    await removeIfStale(file);
  }
}

async function removeIfStale(file: string): Promise<void> {
  const holder = await readHolder(file);
  if (holder !== undefined && isAlive(holder)) {
    throw new AmunError(
      'Conflict',
      `Process ${holder.pid} is this folder's agent already; end it first, or choose another directory.`,
    );
  }
  await rm(file, { force: true });
}

/** undefined where its writer was killed in the middle, or wrote something else. */
async function readHolder(file: string): Promise<ProcessIdentity | undefined> {
  try {
    const fields = asObject(await readJsonFile<unknown>(file));
    const [pid, started] = [asNumber(fields['pid']), asText(fields['started'])];
    return pid === undefined || started === undefined ? undefined : { pid, started };
  } catch {
    return undefined;
  }
}
