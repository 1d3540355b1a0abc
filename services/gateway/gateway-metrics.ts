import { Counter, Histogram, type Registry } from 'prom-client';

export interface GatewayMetrics {
  readonly registry: Registry;
  readonly requests: Counter<'route' | 'method' | 'status'>;
  readonly seconds: Histogram<'route' | 'method'>;
  readonly invocations: Counter<'function_name' | 'code'>;
  readonly invocationSeconds: Histogram<'function_name'>;
}

const BUCKETS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60];

/** The gateway's metrics; those of functions carry the names that OpenFaaS' own gateway gives. */
export function createGatewayMetrics(registry: Registry): GatewayMetrics {
  const registers = [registry];
  return {
    registry,
    requests: new Counter({
      name: 'amun_gateway_requests_total',
      help: 'Requests by route template and status.',
      labelNames: ['route', 'method', 'status'],
      registers,
    }),
    seconds: new Histogram({
      name: 'amun_gateway_request_seconds',
      help: 'Time to answer a request, live streams left out.',
      labelNames: ['route', 'method'],
      buckets: BUCKETS,
      registers,
    }),
    invocations: new Counter({
      name: 'gateway_function_invocation_total',
      help: 'Function calls by status.',
      labelNames: ['function_name', 'code'],
      registers,
    }),
    invocationSeconds: new Histogram({
      name: 'gateway_functions_seconds',
      help: 'Time a function took to answer.',
      labelNames: ['function_name'],
      buckets: BUCKETS,
      registers,
    }),
  };
}
