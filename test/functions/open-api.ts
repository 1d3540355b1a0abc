import * as statusFunction from '../../functions/status/route.js';
import * as submitFunction from '../../functions/submit/route.js';
import { createHandler, type Request } from '../../shared/http/create-handler.js';
import type { Answer } from '../../shared/http/respond.js';
import type { Json } from '../../shared/inspection/specification.js';
import type { Ports } from '../../shared/lifecycle/ports.js';
import { createLog } from '../../shared/log/create-log.js';
import type { FunctionServerOptions } from '../../services/function-host/create-function-server.js';
import { checkAnswer } from '../shared/api/check-answer.js';
import { serveHandler } from '../services/function-host/serve-handler.js';
import {
  openGateway,
  type Answer as GatewayAnswer,
  type CallOptions,
} from '../services/gateway/open-gateway.js';

/** The whole API over HTTP, in this process. */
export interface OpenApi {
  /** The gateway's origin. */
  readonly url: string;
  /** Every answer must be as it is documented. @param target behind /api/v1, with the query */
  call(target: string, options?: CallOptions): Promise<GatewayAnswer>;
  close(): Promise<void>;
}

interface FunctionModule {
  readonly route: (ports: () => Promise<Ports>, request: Request) => Promise<Answer>;
  readonly parametersOf: (request: Request) => Json;
}

/** Serves both functions behind a gateway. */
export async function openApi(
  ports: () => Promise<Ports>,
  options: Partial<FunctionServerOptions> = {},
): Promise<OpenApi> {
  const serve = ({ route, parametersOf }: FunctionModule) => {
    const log = createLog('test', 'silent');
    return serveHandler(
      createHandler((request) => route(ports, request), log, parametersOf),
      options,
    );
  };
  const [submit, status] = [await serve(submitFunction), await serve(statusFunction)];
  const gateway = await openGateway({ functions: { submit: submit.url, status: status.url } });
  return {
    url: gateway.url,
    async call(target, callOptions = {}) {
      const answered = await gateway.call(`/api/v1${target}`, callOptions);
      const { status: code, headers, text } = answered;
      const [path = ''] = target.split('?');
      checkAnswer({
        method: callOptions.method ?? 'GET',
        path,
        status: code,
        contentType: headers['content-type'] as string | undefined,
        allow: headers['allow'] as string | undefined,
        text,
      });
      return answered;
    },
    async close() {
      await gateway.close();
      await submit.close();
      await status.close();
    },
  };
}
