import { Registry } from 'prom-client';
import { Agent } from 'undici';
import type { Bus } from '../../../shared/bus/port.js';
import { createLog } from '../../../shared/log/create-log.js';
import { createConnectorMetrics } from '../../../services/connector/connector-metrics.js';
import { runConnector, type ConnectorOptions } from '../../../services/connector/run-connector.js';

/** A connector in this process, with short waits. */
export interface RunningConnector {
  readonly health: { ready: boolean; detail: string };
  /** The metrics' text. */
  metrics(): Promise<string>;
  /** As SIGTERM does; resolves when it has ended. */
  stop(): Promise<void>;
}

export function startConnector(
  bus: Bus,
  gatewayUrl: string,
  choices: Partial<ConnectorOptions> = {},
): RunningConnector {
  const controller = new AbortController();
  const registry = new Registry();
  const health = { ready: false, detail: '' };
  const dispatcher = new Agent({ connections: 64 });
  const running = runConnector({
    bus,
    gatewayUrl,
    topics: {},
    dispatcher,
    metrics: createConnectorMetrics(registry),
    log: createLog('connector', 'silent'),
    health,
    policy: { delaysMs: [20, 40, 80], maxRetryAfterMs: 5_000 },
    concurrency: 4,
    callTimeoutMs: 5_000,
    ackWaitMs: 3_000,
    pollMs: 50,
    signal: controller.signal,
    ...choices,
  });
  return {
    health,
    metrics: () => registry.metrics(),
    async stop() {
      controller.abort();
      await running;
      await dispatcher.destroy();
    },
  };
}
