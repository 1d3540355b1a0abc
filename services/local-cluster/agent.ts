import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { writeWhole } from '../../shared/cluster/local/atomic-file.js';
import { describeEngine } from '../../shared/cluster/local/engine/engine.js';
import { findEngine } from '../../shared/cluster/local/engine/find-engine.js';
import { FolderWatch } from '../../shared/cluster/local/folder-watch.js';
import { isId, kindFolder, layoutOf, machineFile } from '../../shared/cluster/local/layout.js';
import { readMachine } from '../../shared/cluster/local/machine.js';
import { listIds } from '../../shared/cluster/local/read-cluster.js';
import {
  DEFAULT_IMAGE_CACHE_SECONDS,
  type LocalClusterOptions,
} from '../../shared/cluster/local/options.js';
import type { Log } from '../../shared/log/create-log.js';
import { Admission } from './queue/admission.js';
import type { AgentContext } from './agent-context.js';
import { takeAgentLock } from './agent-lock.js';
import { Caretaker } from './caretaker.js';
import { removeUnusedCgroups } from './machine/cgroup.js';
import { createRunDriver } from './runs/create-run-driver.js';
import { sweepImages } from './builds/image-sweep.js';
import { prepareOperator } from './operator.js';
import { Removals } from './removals.js';
import type { RunDriver } from './runs/run-plan.js';
import { Slots } from './queue/slots.js';
import { StatusWriter } from './status-writer.js';

export interface AgentOptions extends LocalClusterOptions {
  readonly log: Log;
}

/** The local cluster's agent at work. */
export interface Agent {
  /** The engine in one line. */
  readonly description: string;
  /**
   * Stops looking. What runs goes on and is found again at the next start; with `endAll` it is
   * ended, and begun anew at the next start.
   */
  stop(options?: { readonly endAll?: boolean }): Promise<void>;
}

/** For systems that cannot watch folders, and for what a full watch queue dropped. */
const FALLBACK_MS = 5000;
const SWEEP_MS = 10 * 60_000;

/**
 * Starts what carries out the builds and jobs asked for in a stack's directory. Resolves when
 * everything that an earlier agent left is found again. Throws Unavailable where no container
 * engine works, and Conflict where the directory has an agent already.
 */
export async function startAgent(options: AgentOptions): Promise<Agent> {
  const layout = layoutOf(options.directory);
  const lock = await takeAgentLock(layout);
  try {
    const context = await createContext(options);
    const driver = createRunDriver(context);
    const removals = new Removals(driver);
    const caretaker = new Caretaker(context, driver, removals);
    const watch = watchFolders(context, caretaker);
    await caretaker.lookAtAll();
    void removeStrays(context, driver, caretaker);
    const timers = startTimers(context, caretaker, options);
    const description = describeEngine(context.engine);
    return {
      description,
      async stop({ endAll = false } = {}) {
        watch.close();
        for (const timer of timers) clearInterval(timer);
        context.slots.close();
        if (endAll) await caretaker.halt();
        else caretaker.leave();
        await removals.flush();
        await context.statuses.settle();
        driver.close();
        await lock.release();
      },
    };
  } catch (error) {
    await lock.release();
    throw error;
  }
}

async function createContext(options: AgentOptions): Promise<AgentContext> {
  const layout = layoutOf(options.directory);
  for (const kind of ['build', 'job'] as const) {
    await mkdir(kindFolder(layout, kind), { recursive: true });
  }
  await mkdir(path.join(layout.root, 'images'), { recursive: true });
  const engine = await findEngine(layout, options);
  const machine = await readMachine(options);
  await writeWhole(machineFile(layout), JSON.stringify(machine));
  return {
    layout,
    engine,
    machine,
    operator: await prepareOperator(layout, options),
    statuses: new StatusWriter(layout),
    slots: new Slots(layout, new Admission(machine)),
    log: options.log,
  };
}

/** Whoever asks for something makes a folder, or touches one: seen here in the same moment. */
function watchFolders({ layout }: AgentContext, caretaker: Caretaker): FolderWatch {
  const kinds = new Map(
    (['build', 'job'] as const).map((kind) => [kindFolder(layout, kind), kind]),
  );
  const watch = new FolderWatch((folder, name) => {
    const kind = kinds.get(folder);
    if (kind !== undefined && name !== undefined && isId(name)) {
      void caretaker.look({ kind, id: name });
    }
  });
  for (const folder of kinds.keys()) watch.add(folder);
  return watch;
}

function startTimers(
  context: AgentContext,
  caretaker: Caretaker,
  { imageCacheSeconds = DEFAULT_IMAGE_CACHE_SECONDS }: AgentOptions,
): NodeJS.Timeout[] {
  const sweep = (): void => {
    sweepImages(context, imageCacheSeconds, caretaker.usedImages).catch((error: unknown) => {
      context.log.error({ err: error }, 'cannot remove old images');
    });
  };
  sweep();
  return [
    setInterval(() => void caretaker.lookAtAll(), FALLBACK_MS),
    setInterval(sweep, Math.min(SWEEP_MS, imageCacheSeconds * 1000)),
  ];
}

/** Containers and cgroups that nobody claims: an agent of this stack was killed at a bad moment. */
async function removeStrays(
  { layout }: AgentContext,
  driver: RunDriver,
  caretaker: Caretaker,
): Promise<void> {
  const names = await driver.list();
  const running = caretaker.runningContainers;
  await driver.remove(names.filter((name) => !running.has(name)));
  const builds = await listIds(layout, 'build');
  await removeUnusedCgroups(`amun-${layout.stack}-`, (name) =>
    builds.some((id) => name.includes(id)),
  );
}
