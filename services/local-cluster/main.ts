import { localClusterOptions } from '../../shared/backend/local-cluster-options.js';
import { runService } from '../../shared/process/run-service.js';
import { startAgent } from './agent.js';

/** The local cluster's agent as a process of its own; ends what it started when it is ended. */
runService('local-cluster', async ({ config, log, signal, health }) => {
  const agent = await startAgent({ ...localClusterOptions(config), log });
  health.ready = true;
  health.detail = agent.description;
  log.info({ engine: agent.description }, 'ready');
  await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
  await agent.stop({ endAll: true });
});
