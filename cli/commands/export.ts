import { join } from 'node:path';
import type { Command } from 'commander';
import { isInspectionId } from '../../shared/inspection/identity.js';
import { isFinal, PHASES } from '../../shared/inspection/phase.js';
import { CliError, EXIT } from '../cli-error.js';
import { findInspection } from '../find-inspection.js';
import type { Client } from '../../client/create-client.js';
import { createTransport } from '../../client/transport.js';
import type { CommandContext } from '../command-context.js';
import { readEndedInspection } from '../export/read-ended-inspection.js';
import { writeExport } from '../export/write-export.js';
import { withUrl, type ServiceOptions } from './url-option.js';

interface ExportOptions extends ServiceOptions {
  readonly allFinished?: boolean;
}

/** The most that a page of the list holds. */
const PAGE = 100;

/** `amun export ID… DIR`: finished inspections as files, in the layout that Thoth reads. */
export function addExportCommand(program: Command, context: CommandContext): void {
  withUrl(program.command('export'))
    .usage('[options] <id...> <folder>')
    .argument('<id...>', 'the inspections, and last the folder')
    .description('write finished inspections into a folder, in the layout that Thoth reads')
    .option('--all-finished', 'every inspection that has ended; name only the folder')
    .addHelpText(
      'after',
      '\nEach becomes FOLDER/ID; what lies there already is never overwritten.\n\nExamples:\n  amun export 3f2a ./results\n  amun export --all-finished ./results',
    )
    .action((words: string[], options: ExportOptions) => exportTo(words, options, context));
}

async function exportTo(
  words: readonly string[],
  options: ExportOptions,
  context: CommandContext,
): Promise<void> {
  const isAll = options.allFinished === true;
  const typed = words.slice(0, -1);
  const directory = words.at(-1) ?? '';
  if (isAll !== (typed.length === 0)) {
    const message = isAll
      ? 'With --all-finished name the folder only.'
      : 'Name an inspection and a folder: `amun export ID FOLDER`.';
    throw new CliError(message, { exitCode: EXIT.usage });
  }
  const client = context.connect(options.url);
  const { signal, terminal } = context;
  const service = { client, transport: createTransport(client.url), signal };
  const ids = isAll ? listFinished(client) : findAll(client, typed);
  for await (const id of ids) {
    // It becomes a path.
    if (!isInspectionId(id)) throw new CliError(`There is no inspection ${JSON.stringify(id)}.`);
    const isNew = await writeExport(directory, id, readEndedInspection(service, id));
    if (isNew) terminal.out(`${join(directory, id)}\n`);
    else terminal.err(`${join(directory, id)} is there already, the same.\n`);
  }
}

async function* findAll(client: Client, typed: readonly string[]): AsyncGenerator<string> {
  for (const one of typed) yield await findInspection(client, one);
}

/** New ones that come meanwhile move the others to later pages: one may come twice, none is left out. */
async function* listFinished(client: Client): AsyncGenerator<string> {
  const seen = new Set<string>();
  for (let page = 1; ; page += 1) {
    const { items } = await client.list(page, PAGE);
    for (const { inspection_id: id, phase } of items) {
      const known = PHASES.find((one) => one === phase);
      if (seen.has(id) || known === undefined || !isFinal(known)) continue;
      seen.add(id);
      yield id;
    }
    if (items.length < PAGE) return;
  }
}
