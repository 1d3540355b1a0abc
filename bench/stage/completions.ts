import { createInterface } from 'node:readline';
import { request } from 'undici';

const GIVE_UP_MS = 600_000;

/** Hears of the ends of inspections the moment they are told. */
export interface Completions {
  /** performance.now() of the moment when the end of this inspection was told; throws after a while. */
  when(id: string): Promise<number>;
  close(): Promise<void>;
}

/** Follows a stack's events. */
export async function followCompletions(url: string): Promise<Completions> {
  const { body } = await request(`${url}/api/v1/events`, { bodyTimeout: 0 });
  // Whoever waits then gives up by itself.
  body.on('error', () => undefined);
  const told = new Map<string, number>();
  const waiting = new Map<string, (time: number) => void>();
  const lines = createInterface({ input: body });
  lines.on('line', (line) => {
    if (!line.includes('amun.inspection.complete')) return;
    const { subject } = JSON.parse(line) as { subject: string };
    const time = performance.now();
    told.set(subject, time);
    waiting.get(subject)?.(time);
  });
  return {
    when: (id) =>
      new Promise((resolve, reject) => {
        const time = told.get(id);
        if (time !== undefined) {
          resolve(time);
          return;
        }
        const giveUp = setTimeout(() => reject(new Error(`${id} does not end.`)), GIVE_UP_MS);
        waiting.set(id, (heard) => {
          clearTimeout(giveUp);
          resolve(heard);
        });
      }),
    close() {
      lines.close();
      body.destroy();
      return Promise.resolve();
    },
  };
}
