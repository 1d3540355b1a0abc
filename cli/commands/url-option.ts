import type { Command } from 'commander';

/** Options of every command that speaks to a service. */
export interface ServiceOptions {
  readonly url?: string;
}

/** Adds --url. */
export function withUrl(command: Command): Command {
  return command.option(
    '--url <url>',
    "the service's address (default: AMUN_URL, else http://127.0.0.1:8080)",
  );
}

/** Adds --json. */
export function withJson(command: Command, what: string): Command {
  return command.option('--json', `print ${what} as JSON`);
}
