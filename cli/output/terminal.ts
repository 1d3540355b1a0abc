import { isatty } from 'node:tty';

/** Where a command writes; a test gives its own. */
export interface Terminal {
  /** To stdout, as it is. */
  out(text: string): void;
  /** To stderr, as it is. */
  err(text: string): void;
  readonly outIsTty: boolean;
  readonly errIsTty: boolean;
  /** Width of the terminal on stderr. */
  readonly columns: number;
}

/** The process's own streams. */
export function processTerminal(): Terminal {
  return {
    out: (text) => void process.stdout.write(text),
    err: (text) => void process.stderr.write(text),
    outIsTty: isatty(1),
    errIsTty: isatty(2),
    columns: process.stderr.columns || 80,
  };
}
