import { register } from 'prom-client';
import { Agent } from 'undici';
import { connectNats } from '../../shared/bus/connect-nats.js';
import { createJetStreamBus } from '../../shared/bus/jetstream-bus.js';
import { runService, type ServiceContext } from '../../shared/process/run-service.js';
import { stopped } from '../../shared/process/stopped.js';
import { createConnectorMetrics } from './connector-metrics.js';
import { RETRY_POLICY } from './judge.js';
import { runConnector } from './run-connector.js';

/** Messages in hand at once, for each function and topic. */
const CONCURRENCY = 16;
/** A message whose connector died comes again after this time. */
const ACK_WAIT_MS = 30_000;
/** The gateway gives up on a function after 70 s; a little more, so that its answer comes first. */
const CALL_TIMEOUT_MS = 90_000;
const POLL_MS = 5_000;

async function connect({ config, log, signal, health }: ServiceContext): Promise<void> {
  health.detail = 'waiting for the bus';
  const connecting = connectNats({ ...config.nats, name: 'connector', waitMs: Infinity });
  const connection = await Promise.race([connecting, stopped(signal)]);
  if (connection === undefined) return;
  const dispatcher = new Agent({
    connections: 256,
    headersTimeout: CALL_TIMEOUT_MS,
    bodyTimeout: CALL_TIMEOUT_MS,
  });
  await runConnector({
    bus: createJetStreamBus(connection, { replicas: config.nats.replicas }),
    gatewayUrl: config.gateway.url,
    topics: config.topics,
    dispatcher,
    metrics: createConnectorMetrics(register),
    log,
    health,
    policy: RETRY_POLICY,
    concurrency: CONCURRENCY,
    callTimeoutMs: CALL_TIMEOUT_MS,
    ackWaitMs: ACK_WAIT_MS,
    pollMs: POLL_MS,
    signal,
  });
  await dispatcher.close();
  await connection.drain();
}

runService('connector', connect);
