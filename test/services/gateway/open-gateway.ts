import { mkdtemp, rm } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Registry } from 'prom-client';
import { request } from 'undici';
import type { Bus } from '../../../shared/bus/port.js';
import { createLog } from '../../../shared/log/create-log.js';
import {
  Feeds,
  DEFAULT_FEEDS_OPTIONS,
  type FeedsOptions,
} from '../../../services/gateway/follow/feeds.js';
import { createFunctionRegistry } from '../../../services/gateway/function-registry.js';
import { createGateway } from '../../../services/gateway/create-gateway.js';
import { createGatewayMetrics } from '../../../services/gateway/gateway-metrics.js';
import { createFunctionAgent } from '../../../services/gateway/invoke-function.js';
import { readStack } from '../../../services/gateway/read-stack.js';
import { createMemoryBus, type MemoryBus } from '../../fakes/memory-bus.js';

export interface GatewayChoices {
  /** Origins of functions by name. */
  readonly functions?: Readonly<Record<string, string>>;
  readonly stack?: string;
  readonly bus?: () => Bus | undefined;
  readonly port?: number;
  readonly feeds?: Partial<FeedsOptions>;
  readonly uiDirectory?: string;
}

export interface Answer {
  readonly status: number;
  readonly headers: Record<string, string | string[] | undefined>;
  readonly text: string;
  /** As they came: compressed where they are. */
  readonly bytes: Buffer;
  /** The text as JSON. */
  readonly json: () => Record<string, unknown>;
}

export interface CallOptions {
  readonly method?: string;
  readonly headers?: Record<string, string>;
  readonly body?: string | Buffer;
}

/** A gateway on loopback, in this process, with a bus in memory. */
export interface OpenGateway {
  readonly url: string;
  readonly port: number;
  readonly bus: MemoryBus;
  readonly feeds: Feeds;
  readonly logDirectory: string;
  call(path: string, options?: CallOptions): Promise<Answer>;
  /** As SIGTERM does. */
  stop(): void;
  close(): Promise<void>;
}

export async function openGateway(choices: GatewayChoices = {}): Promise<OpenGateway> {
  const logDirectory = await mkdtemp(path.join(tmpdir(), 'amun-gateway-'));
  const bus = createMemoryBus();
  const controller = new AbortController();
  const agent = createFunctionAgent();
  const unboundedAgent = createFunctionAgent('unbounded');
  const functions = createFunctionRegistry(readStack(choices.stack ?? ''), choices.functions ?? {});
  const feeds = new Feeds(
    { functions, agent, bus: choices.bus ?? (() => bus), signal: controller.signal },
    { ...DEFAULT_FEEDS_OPTIONS, ...choices.feeds },
  );
  const gateway = createGateway({
    functions,
    agent,
    unboundedAgent,
    feeds,
    bus: choices.bus ?? (() => bus),
    busAnswers: () => Promise.resolve(choices.bus === undefined),
    metrics: createGatewayMetrics(new Registry()),
    log: createLog('gateway', 'silent'),
    version: '1.2.3',
    allowedHosts: ['amun.example'],
    logDirectory,
    uiDirectory: choices.uiDirectory ?? path.resolve('node_modules/swagger-ui-dist'),
    signal: controller.signal,
  });
  await gateway.listen({ host: '127.0.0.1', port: choices.port ?? 0 });
  const { port } = gateway.server.address() as AddressInfo;
  const url = `http://127.0.0.1:${port}`;
  return {
    url,
    port,
    bus,
    feeds,
    logDirectory,
    call: (target, options) => call(url, target, options),
    stop: () => controller.abort(),
    async close() {
      controller.abort();
      gateway.server.closeAllConnections();
      await gateway.close();
      await Promise.all([agent.destroy(), unboundedAgent.destroy()]);
      await rm(logDirectory, { recursive: true, force: true });
    },
  };
}

async function call(url: string, target: string, options: CallOptions = {}): Promise<Answer> {
  const { statusCode, headers, body } = await request(`${url}${target}`, {
    method: (options.method ?? 'GET') as 'GET',
    headers: options.headers ?? {},
    body: options.body ?? null,
  });
  const bytes = Buffer.from(await body.arrayBuffer());
  const text = bytes.toString();
  return {
    status: statusCode,
    headers,
    text,
    bytes,
    json: () => JSON.parse(text) as Record<string, unknown>,
  };
}
