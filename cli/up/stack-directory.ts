import { randomBytes } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { CliError, EXIT } from '../cli-error.js';

/** Where a stack on one machine keeps what; services keep folders of their own beside these. */
export interface StackDirectory {
  readonly root: string;
  /** Which `amun up` is running here. */
  readonly lockFile: string;
  /** The secret that NATS takes. */
  readonly natsToken: string;
  readonly natsConfig: string;
  readonly natsStore: string;
  /** Which nats-server was started here last. */
  readonly natsProcess: string;
  readonly logs: string;
}

/** The places under a state folder; nothing is made. */
export function locateStack(directory: string): StackDirectory {
  const root = resolve(directory);
  return {
    root,
    lockFile: join(root, 'up.json'),
    natsToken: join(root, 'secrets', 'nats-token'),
    natsConfig: join(root, 'nats.conf'),
    natsStore: join(root, 'nats'),
    natsProcess: join(root, 'nats-server.json'),
    logs: join(root, 'logs'),
  };
}

/** Makes the folder (for this user alone) and the secret where they are not there yet. */
export function prepareStack(directory: string): StackDirectory {
  const stack = locateStack(directory);
  try {
    for (const folder of ['', 'secrets', 'logs', 'nats']) {
      mkdirSync(join(stack.root, folder), { recursive: true, mode: 0o700 });
    }
    chmodSync(stack.root, 0o700);
    if (!existsSync(stack.natsToken)) {
      writeFileSync(stack.natsToken, randomBytes(32).toString('hex'), { mode: 0o600 });
    }
  } catch (error) {
    const said = (error as Error).message;
    throw new CliError(
      `The state folder ${stack.root} cannot be used (${said}); name another one with --dir.`,
      { exitCode: EXIT.usage, cause: error },
    );
  }
  return stack;
}

/** The secret that NATS takes. */
export function readNatsToken(stack: StackDirectory): string {
  return readFileSync(stack.natsToken, 'utf8').trim();
}
