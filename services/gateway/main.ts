import { readFileSync } from 'node:fs';
import path from 'node:path';
import { register } from 'prom-client';
import { SERVICE_VERSION } from '../../shared/inspection/version.js';
import { runService, type ServiceContext } from '../../shared/process/run-service.js';
import { stopped } from '../../shared/process/stopped.js';
import { connectBus } from './connect-bus.js';
import { createGateway } from './create-gateway.js';
import { Feeds } from './follow/feeds.js';
import { createFunctionRegistry } from './function-registry.js';
import { createGatewayMetrics } from './gateway-metrics.js';
import { createFunctionAgent } from './invoke-function.js';
import { readStack } from './read-stack.js';

/** stack.yml stands two folders above dist/services/gateway.js, unless it is named. */
function findStack(): string {
  const [, script = '', named] = process.argv;
  return path.resolve(named ?? path.join(path.dirname(script), '../../stack.yml'));
}

/** Swagger UI's files are beside dist/services/gateway.js. */
function findUi(): string {
  const [, script = ''] = process.argv;
  return path.resolve(path.dirname(script), 'swagger-ui');
}

async function serve({ config, log, signal, health }: ServiceContext): Promise<void> {
  const definitions = readStack(readFileSync(findStack(), 'utf8'));
  const link = connectBus(config);
  const agent = createFunctionAgent();
  const unboundedAgent = createFunctionAgent('unbounded');
  const functions = createFunctionRegistry(definitions, config.functions);
  const gateway = createGateway({
    functions,
    agent,
    unboundedAgent,
    feeds: new Feeds({ functions, agent, bus: link.bus, signal }),
    bus: link.bus,
    busAnswers: link.answers,
    metrics: createGatewayMetrics(register),
    log,
    version: SERVICE_VERSION,
    allowedHosts: config.allowedHosts,
    logDirectory: path.join(config.directory, 'logs'),
    uiDirectory: findUi(),
    signal,
  });
  const address = await gateway.listen({ host: config.gateway.host, port: config.gateway.port });
  log.info({ address }, 'serving');
  health.detail = 'waiting for the bus';
  await Promise.race([link.connected, stopped(signal)]);
  if (!signal.aborted) Object.assign(health, { ready: true, detail: 'serving' });
  await stopped(signal);
  await gateway.close();
  await Promise.all([agent.close(), unboundedAgent.close()]);
  await link.close();
}

runService('gateway', serve);
