import fc from 'fast-check';

/**
 * Plays a scene so many times, each time on a stage of its own and with the steps that the scheduler
 * is given in another order; a failure says which order it was.
 */
export async function inRandomOrders<S>(
  runs: number,
  open: () => Promise<S>,
  close: (stage: S) => Promise<void>,
  play: (stage: S, scheduler: fc.Scheduler) => Promise<void>,
): Promise<void> {
  await fc.assert(
    fc.asyncProperty(fc.scheduler(), async (scheduler) => {
      const stage = await open();
      try {
        await play(stage, scheduler);
      } finally {
        await close(stage);
      }
    }),
    { numRuns: runs },
  );
}
