import type { CliConfig } from '../shared/config/cli-config.js';
import type { ExitCode } from './cli-error.js';
import type { Client } from '../client/create-client.js';
import type { Terminal } from './output/terminal.js';

/** What every command gets to work with. */
export interface CommandContext {
  readonly terminal: Terminal;
  readonly config: CliConfig;
  /** Aborted by Ctrl-C. */
  readonly signal: AbortSignal;
  /** The folder of the built programs (`dist`). */
  readonly programs: string;
  /** A client of `--url`, AMUN_URL or this machine's own service. */
  connect(url: string | undefined): Client;
  /** What the process is to end with; 0 unless said. */
  end(code: ExitCode): void;
}
