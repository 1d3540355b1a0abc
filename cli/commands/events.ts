import type { Command } from 'commander';
import { isPassing } from '../../client/api-error.js';
import { asObject, asText } from '../../shared/json/read-json.js';
import type { CommandContext } from '../command-context.js';
import { pause } from '../../client/pause.js';
import { harmlessLine } from '../output/harmless-text.js';
import { withJson, withUrl, type ServiceOptions } from './url-option.js';

interface EventsOptions extends ServiceOptions {
  readonly json?: boolean;
}

const RECONNECT_MS = 1_000;
/** A longer line is no event of ours. */
const LONGEST_LINE = 4 * 1024 * 1024;

/** `amun events`: the bus, live, until Ctrl-C. */
export function addEventsCommand(program: Command, context: CommandContext): void {
  withJson(withUrl(program.command('events')), 'each event, one a line,')
    .description('show events as they happen, until Ctrl-C')
    .addHelpText('after', '\nExample:\n  amun events --json | jq .type')
    .action((options: EventsOptions) => events(options, context));
}

async function events(options: EventsOptions, context: CommandContext): Promise<void> {
  const { terminal, signal } = context;
  const client = context.connect(options.url);
  let connected = false;
  for (;;) {
    try {
      const stream = await client.events(signal);
      if (!connected) terminal.err(`Following the events of ${client.url}; Ctrl-C ends it.\n`);
      connected = true;
      for await (const line of lines(stream)) {
        terminal.out(`${options.json === true ? line : describe(line)}\n`);
      }
    } catch (error) {
      // Never there: an error. Gone for a moment: a restart.
      if (!connected || !isPassing(error)) throw error;
    }
    terminal.err('The connection was lost; trying again. Events in between are not shown.\n');
    await pause(RECONNECT_MS, signal);
  }
}

async function* lines(chunks: AsyncIterable<Uint8Array>): AsyncIterable<string> {
  const decoder = new TextDecoder();
  let rest = '';
  for await (const chunk of chunks) {
    const parts = (rest + decoder.decode(chunk, { stream: true })).split('\n');
    rest = parts.pop() ?? '';
    if (rest.length > LONGEST_LINE) rest = '';
    yield* parts.filter((part) => part.trim() !== '');
  }
}

function describe(line: string): string {
  let event: Readonly<Record<string, unknown>>;
  try {
    event = asObject(JSON.parse(line));
  } catch {
    return harmlessLine(line);
  }
  const cells = ['time', 'type', 'subject'].map((name) => asText(event[name]) ?? '-');
  return harmlessLine(`${cells.join('  ')}  ${JSON.stringify(event['data'] ?? {})}`);
}
