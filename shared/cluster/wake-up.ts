/** Lets one loop sleep until it is rung, at most for a time, or until a signal. Rings are kept. */
export class WakeUp {
  private isRung = false;
  private wake: (() => void) | undefined;

  ring(): void {
    this.isRung = true;
    this.wake?.();
  }

  /** True where it was rung, false where the time ran out or the signal came. */
  async sleep(milliseconds: number, signal?: AbortSignal): Promise<boolean> {
    if (!this.isRung && signal?.aborted !== true) {
      await new Promise<void>((resolve) => {
        const wake = (): void => {
          clearTimeout(timer);
          signal?.removeEventListener('abort', wake);
          resolve();
        };
        const timer = setTimeout(wake, milliseconds);
        this.wake = wake;
        signal?.addEventListener('abort', wake, { once: true });
      });
      this.wake = undefined;
    }
    const wasRung = this.isRung;
    this.isRung = false;
    return wasRung;
  }
}
