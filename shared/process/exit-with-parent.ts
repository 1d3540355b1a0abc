/**
 * Ends this process when the one that started it is gone, so that a killed supervisor leaves
 * nothing behind. Without an IPC channel (a container, a shell) it does nothing.
 */
export function exitWithParent(stop: () => void): void {
  if (process.channel === undefined) return;
  process.once('disconnect', stop);
  process.channel.unref();
}
