import type { Terminal } from './terminal.js';

/** One line on a terminal's stderr that is written over; nothing where stderr is no terminal. */
export interface ProgressLine {
  show(text: string): void;
  /** Takes the line away, so that something else can be written. */
  clear(): void;
}

const ERASE = '\r\x1b[2K';

export function createProgressLine(terminal: Terminal): ProgressLine {
  let shown = '';
  return {
    show(text) {
      const line = text.slice(0, Math.max(10, terminal.columns - 1));
      if (!terminal.errIsTty || line === shown) return;
      terminal.err(`${ERASE}${line}`);
      shown = line;
    },
    clear() {
      if (shown === '') return;
      terminal.err(ERASE);
      shown = '';
    },
  };
}
