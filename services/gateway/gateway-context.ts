import type { Dispatcher } from 'undici';
import type { Bus } from '../../shared/bus/port.js';
import type { Log } from '../../shared/log/create-log.js';
import type { Feeds } from './follow/feeds.js';
import type { FunctionRegistry } from './function-registry.js';
import type { GatewayMetrics } from './gateway-metrics.js';

/** What the gateway's routes work with. */
export interface GatewayContext {
  readonly functions: FunctionRegistry;
  readonly agent: Dispatcher;
  /** For calls that wait, and for whoever must not wait behind others. */
  readonly unboundedAgent: Dispatcher;
  /** What is known of inspections that are followed. */
  readonly feeds: Feeds;
  /** undefined until the first connection to the bus; from then on it deals with outages itself. */
  readonly bus: () => Bus | undefined;
  /** Whether the bus answers at this moment. */
  readonly busAnswers: () => Promise<boolean>;
  readonly metrics: GatewayMetrics;
  readonly log: Log;
  readonly version: string;
  /** Hosts besides loopback that requests may be addressed to. */
  readonly allowedHosts: readonly string[];
  /** Where the functions' logs are: <name>.log. */
  readonly logDirectory: string;
  /** Where Swagger UI's files are. */
  readonly uiDirectory: string;
  /** Aborted when the gateway is to end: live streams end then. */
  readonly signal: AbortSignal;
}
