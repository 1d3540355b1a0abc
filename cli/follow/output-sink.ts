import { harmlessText } from '../output/harmless-text.js';
import type { ProgressLine } from '../output/progress-line.js';
import type { Terminal } from '../output/terminal.js';

export type StreamName = 'stdout' | 'stderr';

/** Where followed text goes: streams stay apart, and the progress line out of the way. */
export interface OutputSink {
  /** A piece of text; with a label, only whole lines are written, each after its label. */
  write(stream: StreamName, text: string, label?: string): void;
  /** Writes what is left of labelled lines without an end. */
  flush(): void;
  /** Whether the last thing written ended its line. */
  readonly atLineStart: boolean;
}

export function createOutputSink(terminal: Terminal, progress: ProgressLine): OutputSink {
  const rests = new Map<string, { stream: StreamName; label: string; text: string }>();
  let atLineStart = true;

  function emit(stream: StreamName, text: string): void {
    if (text === '') return;
    progress.clear();
    const isTty = stream === 'stdout' ? terminal.outIsTty : terminal.errIsTty;
    const shown = isTty ? harmlessText(text) : text;
    if (stream === 'stdout') terminal.out(shown);
    else terminal.err(shown);
    atLineStart = text.endsWith('\n');
  }

  return {
    get atLineStart() {
      return atLineStart;
    },
    write(stream, text, label) {
      if (label === undefined) {
        emit(stream, text);
        return;
      }
      const key = `${stream} ${label}`;
      const lines = ((rests.get(key)?.text ?? '') + text).split('\n');
      rests.set(key, { stream, label, text: lines.pop() ?? '' });
      emit(stream, lines.map((line) => `${label}${line}\n`).join(''));
    },
    flush() {
      for (const { stream, label, text } of rests.values()) {
        if (text !== '') emit(stream, `${label}${text}\n`);
      }
      rests.clear();
    },
  };
}
