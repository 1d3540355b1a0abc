import type { Engine } from '../../shared/cluster/local/engine/engine.js';
import type { Layout } from '../../shared/cluster/local/layout.js';
import type { Machine } from '../../shared/cluster/local/machine.js';
import type { Log } from '../../shared/log/create-log.js';
import type { Operator } from './operator.js';
import type { Slots } from './queue/slots.js';
import type { StatusWriter } from './status-writer.js';

/** What builds and runs are carried out with. */
export interface AgentContext {
  readonly layout: Layout;
  readonly engine: Engine;
  readonly machine: Machine;
  readonly operator: Operator;
  readonly statuses: StatusWriter;
  readonly slots: Slots;
  readonly log: Log;
}

/** How often something that was disturbed from outside is begun anew. */
export const MOST_ATTEMPTS = 3;
