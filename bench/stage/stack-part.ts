import { writeFile, mkdir } from 'node:fs/promises';
import { findFreePorts } from '../../cli/up/free-ports.js';
import { writeNatsConfig } from '../../cli/up/nats-config.js';
import { assignPorts, planStack, PORT_COUNT } from '../../cli/up/plan-stack.js';
import { prepareStack, readNatsToken } from '../../cli/up/stack-directory.js';
import { Stack } from '../../cli/up/stack.js';
import { layoutOf, machineFile } from '../../shared/cluster/local/layout.js';
import { readMachine } from '../../shared/cluster/local/machine.js';
import { descendantsOf } from '../measure/process-usage.js';
import { natsServer, PROGRAMS } from './programs.js';
import { makeTemporaryFolder } from './temporary-folder.js';

/** nats-server and some of a stack's processes, set up as `amun up` does it. */
export interface StackPart {
  readonly directory: string;
  readonly nats: { readonly url: string; readonly token: string };
  /** The gateway's address. */
  readonly url: string;
  /** Where a function is served. */
  urlOf(name: string): string;
  pidOf(name: string): number;
  close(): Promise<void>;
}

/** Starts the named functions and services; resolves once all of them are ready. */
export async function startPart(names: readonly string[]): Promise<StackPart> {
  const folder = await makeTemporaryFolder();
  const directory = prepareStack(folder.path);
  const [gateway = 0, ...free] = await findFreePorts(PORT_COUNT + 1);
  const ports = assignPorts(gateway, free);
  writeNatsConfig(directory, ports.nats);
  await noteMachine(folder.path);
  const plan = planStack(directory, ports, PROGRAMS, natsServer());
  const others = plan.others.filter(({ name }) => names.includes(name));
  const stack = new Stack(
    { ...plan, others },
    { cwd: folder.path, onRestart: (line) => console.error(line) },
  );
  const close = async (): Promise<void> => {
    await stack.stop();
    await folder.close();
  };
  try {
    await stack.start(new AbortController().signal);
  } catch (error) {
    await close();
    throw error;
  }
  return {
    directory: folder.path,
    nats: { url: `nats://127.0.0.1:${ports.nats}`, token: readNatsToken(directory) },
    url: `http://127.0.0.1:${gateway}`,
    urlOf: (name) => `http://127.0.0.1:${ports.own.get(name) ?? 0}`,
    pidOf: (name) => {
      const found = descendantsOf(process.pid).find(
        ({ command }) =>
          command.includes(`functions/${name}/`) || command.includes(`services/${name}.js`),
      );
      if (found === undefined) throw new Error(`No process is called ${name}.`);
      return found.pid;
    },
    close,
  };
}

/** The local cluster's agent writes this at its start; here there may be none. */
async function noteMachine(directory: string): Promise<void> {
  const layout = layoutOf(directory);
  await mkdir(layout.root, { recursive: true });
  await writeFile(machineFile(layout), JSON.stringify(await readMachine()));
}
