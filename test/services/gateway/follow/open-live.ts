import { serveHandler } from '../../function-host/serve-handler.js';
import { openGateway, type GatewayChoices, type OpenGateway } from '../open-gateway.js';
import { ID, LiveInspection } from './live-inspection.js';

/** Where the events of the inspection are. */
export const EVENTS = `/api/v1/inspect/${ID}/events`;

/** A gateway, and behind it an inspection of which a test makes up what happens. */
export interface Live {
  readonly inspection: LiveInspection;
  readonly gateway: OpenGateway;
  /** Of the events. */
  readonly url: string;
  close(): Promise<void>;
}

export async function openLive(
  batchSize: number,
  feeds: GatewayChoices['feeds'] = {},
): Promise<Live> {
  const inspection = new LiveInspection(batchSize);
  const served = await serveHandler(inspection.handler);
  const gateway = await openGateway({
    functions: { status: served.url },
    feeds: { shortestMs: 5, longestMs: 20, ...feeds },
  });
  return {
    inspection,
    gateway,
    url: `${gateway.url}${EVENTS}`,
    async close() {
      await gateway.close();
      await served.close();
    },
  };
}
