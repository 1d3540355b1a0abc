import { DEFAULT_FEEDS_OPTIONS, Feeds } from '../../../../services/gateway/follow/feeds.js';
import { createFunctionRegistry } from '../../../../services/gateway/function-registry.js';
import { createFunctionAgent } from '../../../../services/gateway/invoke-function.js';
import { readStack } from '../../../../services/gateway/read-stack.js';
import { serveHandler, type ServedHandler } from '../../function-host/serve-handler.js';
import { ID, LiveInspection } from './live-inspection.js';

describe('the feeds of a gateway that has no room for more', () => {
  const stop = new AbortController();
  const agent = createFunctionAgent();
  let served: ServedHandler;
  let feeds: Feeds;

  beforeEach(async () => {
    const inspection = new LiveInspection();
    // Every inspection is like this one.
    served = await serveHandler((event, context) => {
      const path = event.path.replace(/inspection-\d+/, ID);
      return inspection.handler({ ...event, path }, context);
    });
    const functions = createFunctionRegistry(readStack(''), { status: served.url });
    feeds = new Feeds(
      { functions, agent, bus: () => undefined, signal: stop.signal },
      { ...DEFAULT_FEEDS_OPTIONS, maxFeeds: 2 },
    );
  });
  afterEach(async () => {
    stop.abort();
    await agent.destroy();
    await served.close();
  });

  /** Follows until it is told to stop. */
  async function follow(id: string): Promise<() => Promise<void>> {
    let leave: () => void = () => undefined;
    const left = new Promise<void>((resolve) => (leave = resolve));
    let done: Promise<void> = Promise.resolve();
    await new Promise<void>((resolve, reject) => {
      done = feeds.use(id, () => {
        resolve();
        return left;
      });
      done.catch(reject);
    });
    return async () => {
      leave();
      await done;
    };
  }

  it('ends one that nobody follows any more, and none that somebody follows', async () => {
    const leaveFirst = await follow('inspection-1');
    const leaveSecond = await follow('inspection-2');
    await expect(follow('inspection-3')).rejects.toMatchObject({ code: 'TooManyRequests' });
    await leaveSecond();
    expect(feeds.counts).toEqual({ followers: 1, feeds: 2 });
    const leaveThird = await follow('inspection-3');
    expect(feeds.counts).toEqual({ followers: 2, feeds: 2 });
    await expect(follow('inspection-2')).rejects.toMatchObject({ code: 'TooManyRequests' });
    await Promise.all([leaveFirst(), leaveThird()]);
  });
});
