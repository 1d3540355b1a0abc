import { loadCliConfig } from '../../shared/config/cli-config.js';
import { runProgram } from '../../cli/program.js';

export interface CliRun {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface CliOptions {
  readonly environment?: Readonly<Record<string, string>>;
  readonly tty?: boolean;
  readonly signal?: AbortSignal;
  /** Told everything that is written, as it is written. */
  readonly onWrite?: (text: string) => void;
  readonly programs?: string;
}

/** Runs one command line in this process, with streams of its own. */
export async function runCli(words: readonly string[], options: CliOptions = {}): Promise<CliRun> {
  const { environment = {}, tty = false, onWrite = () => undefined } = options;
  let stdout = '';
  let stderr = '';
  const exitCode = await runProgram(words, {
    terminal: {
      out: (text) => {
        stdout += text;
        onWrite(text);
      },
      err: (text) => {
        stderr += text;
        onWrite(text);
      },
      outIsTty: tty,
      errIsTty: tty,
      columns: 60,
    },
    config: loadCliConfig(environment),
    signal: options.signal ?? new AbortController().signal,
    programs: options.programs ?? '/nowhere',
  });
  return { exitCode, stdout, stderr };
}
