/** Longer texts are cut: a long line stops OpenFaaS' log forwarding. */
const MAX_TEXT = 4096;

const LEVELS = { info: 30, warn: 40, error: 50 } as const;

/** Writes one line; `error` goes in with its message and stack. */
export type LineLog = (level: keyof typeof LEVELS, message: string, error?: unknown) => void;

/**
 * A log in the format of the services' own, without their library: the functions bring it along in
 * their bundles, and loading it twice would be half of the cold start.
 */
export function createLineLog(
  name: string,
  write: (line: string) => void = (line) => process.stdout.write(line),
): LineLog {
  return (level, message, error) => {
    const line = {
      level: LEVELS[level],
      time: Date.now(),
      pid: process.pid,
      name,
      ...(error === undefined ? {} : { err: describe(error) }),
      msg: message,
    };
    write(`${JSON.stringify(line)}\n`);
  };
}

function describe(error: unknown): { message: string; stack?: string } {
  if (!(error instanceof Error)) return { message: String(error).slice(0, MAX_TEXT) };
  const message = error.message.slice(0, MAX_TEXT);
  return error.stack === undefined
    ? { message }
    : { message, stack: error.stack.slice(0, MAX_TEXT) };
}
