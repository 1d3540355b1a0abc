import { onBuildComplete } from '../../../functions/on-build-complete/on-build-complete.js';
import { onJobComplete } from '../../../functions/on-job-complete/on-job-complete.js';
import { publishEnd } from '../../../services/watcher/publish-end.js';
import { Reconciler } from '../../../services/watcher/reconcile.js';
import { isAmunError } from '../../../shared/errors/amun-error.js';
import type { AmunEvent } from '../../../shared/events/event.js';
import type { Ports } from '../../../shared/lifecycle/ports.js';
import type { Stage } from './open-stage.js';
import { playAgent, type AgentPlan } from './play-agent.js';

/** More than the reconciler's patience with what has no record. */
const MOST_ROUNDS = 80;

/** Plays agent, watcher, connector and reconciler round by round, until nothing is in flight. */
export async function runUntilQuiet(
  stage: Stage,
  plan: AgentPlan = {},
  mostRounds = MOST_ROUNDS,
): Promise<void> {
  const connector = new Connector(stage.ports);
  const reconciler = new Reconciler(stage.ports, stage.ports.now());
  for (let round = 0; round < mostRounds; round += 1) {
    let done = await playAgent(stage, plan);
    if (done > 0 || round === 0) await watchOnce(stage.ports);
    done += await connector.deliver(stage.bus.events);
    done += await reconciler.reconcile();
    const inFlight = await stage.ports.store.inFlight.list();
    if (done === 0 && inFlight.length === 0) return;
  }
  throw new Error('It does not come to rest.');
}

/** Publishes the end of everything in the cluster that is not collected, as a watch begins. */
export async function watchOnce(ports: Ports): Promise<void> {
  const controller = new AbortController();
  for await (const event of ports.cluster.watch(controller.signal)) {
    if (event.kind === 'synced') controller.abort();
    await publishEnd(ports.bus, ports.log, event);
  }
}

/** Hands each event of the bus to its function, again while the function says that it may pass. */
class Connector {
  private seen = 0;
  private again: AmunEvent[] = [];

  constructor(private readonly ports: Ports) {}

  /** @returns how many events it handed over */
  async deliver(events: readonly AmunEvent[]): Promise<number> {
    const batch = [...this.again, ...events.slice(this.seen)];
    this.seen = events.length;
    this.again = [];
    for (const event of batch) {
      try {
        await handle(this.ports, event);
      } catch (error) {
        if (!isAmunError(error) || !error.entry.retryable) throw error;
        this.again.push(event);
      }
    }
    return batch.length;
  }
}

/** What the function that is subscribed to the event does. */
export async function handle(ports: Ports, event: AmunEvent): Promise<void> {
  if (event.type === 'amun.build.complete') await onBuildComplete(ports, event.subject);
  if (event.type === 'amun.job.complete') await onJobComplete(ports, event.subject);
}
