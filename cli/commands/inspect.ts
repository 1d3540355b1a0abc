import type { Command } from 'commander';
import { CliError, EXIT } from '../cli-error.js';
import type { InspectionStatus } from '../../client/answers.js';
import type { Client } from '../../client/create-client.js';
import type { Specification } from '../../client/operations.js';
import type { CommandContext } from '../command-context.js';
import { followInspection } from '../follow/follow-inspection.js';
import { createOutputSink } from '../follow/output-sink.js';
import { describeOutcome } from '../output/describe-status.js';
import { createProgressLine } from '../output/progress-line.js';
import { isMatrixFile, readSpecificationFile } from '../read-specification-file.js';
import { parseLabel } from './parse-label.js';
import { withUrl, type ServiceOptions } from './url-option.js';

interface InspectOptions extends ServiceOptions {
  readonly base?: string;
  readonly label?: Readonly<Record<string, string>>;
  readonly force?: boolean;
  readonly follow: boolean;
  readonly json?: boolean;
}

/** `amun inspect FILE`: submits a specification and follows it to its end. */
export function addInspectCommand(program: Command, context: CommandContext): void {
  withUrl(program.command('inspect <file>'))
    .description('run an inspection and show its build log and output until it has ended')
    .option('--base <image>', 'use this base image instead of the one in the file')
    .option('--label <label>', 'put a label on it: key=value; repeatable', parseLabel)
    .option('--force', 'build anew even where the same stack was built a moment ago')
    .option('--no-follow', 'submit only, and print the id')
    .option('--json', 'print one JSON object at the end, and nothing else, on stdout')
    .addHelpText(
      'after',
      `
FILE is a specification in JSON or YAML; - reads it from stdin.
The script's stdout goes to stdout; its stderr, the build log and the outcome go to stderr.
Exit code: 0 succeeded, 1 failed or cancelled, 2 refused, 3 no service, 130 Ctrl-C (it goes on).

Examples:
  amun inspect examples/hello.yaml
  echo '{"base": "debian:12-slim", "script": "#!/bin/sh\\nnproc"}' | amun inspect -`,
    )
    .action((file: string, options: InspectOptions) => inspect(file, options, context));
}

async function inspect(
  file: string,
  options: InspectOptions,
  context: CommandContext,
): Promise<void> {
  const { terminal } = context;
  const written = await readSpecificationFile(file);
  if (isMatrixFile(written)) {
    const message = `${file} holds a matrix, not one specification; run it with \`amun matrix ${file}\`.`;
    throw new CliError(message, { exitCode: EXIT.usage });
  }
  const specification = { ...written, ...given(written, options) };
  const client = context.connect(options.url);
  const submitted = await client.submit(specification as Specification, {
    force: options.force ?? false,
  });
  const id = submitted.inspection_id;
  if (!options.follow) {
    const line = options.json === true ? JSON.stringify({ inspection_id: id }) : id;
    terminal.out(`${line}\n`);
    return;
  }
  const quiet = options.json === true;
  if (!quiet) terminal.err(`${id} submitted to ${client.url}\n`);
  const status = await follow(client, submitted, quiet, context);
  if (status === undefined) return;
  context.end(status.phase === 'succeeded' ? EXIT.succeeded : EXIT.failed);
  if (quiet) terminal.out(`${JSON.stringify(summarise(status))}\n`);
  else
    terminal.err(
      describeOutcome(status)
        .map((line) => `${line}\n`)
        .join(''),
    );
}

/** What the options put in the place of what the file says; labels are put to those of the file. */
function given(written: object, { base, label }: InspectOptions): object {
  const { labels } = written as { readonly labels?: object | null };
  return {
    ...(base === undefined ? {} : { base }),
    ...(label === undefined ? {} : { labels: { ...labels, ...label } }),
  };
}

/** undefined where the user pressed Ctrl-C. */
async function follow(
  client: Client,
  submitted: { readonly inspection_id: string; readonly build_created: boolean },
  quiet: boolean,
  context: CommandContext,
): Promise<InspectionStatus | undefined> {
  const { terminal, signal } = context;
  const progress = createProgressLine(terminal);
  const id = submitted.inspection_id;
  try {
    return await followInspection(id, {
      client,
      signal,
      progress,
      sink: quiet ? undefined : createOutputSink(terminal, progress),
      skipFinishedBuild: !submitted.build_created,
    });
  } catch (error) {
    progress.clear();
    if (!signal.aborted) {
      terminal.err(`${id} goes on; \`amun status ${id}\` tells how it ends.\n`);
      throw error;
    }
    terminal.err(
      `${id} goes on. Follow it with \`amun logs ${id} --follow\`, end it with \`amun cancel ${id}\`.\n`,
    );
    context.end(EXIT.interrupted);
    return undefined;
  }
}

function summarise(status: InspectionStatus): unknown {
  return {
    inspection_id: status.inspection_id,
    phase: status.phase,
    reason: status.reason,
    runs: status.job.runs.map(({ item, exit_code }) => ({ item, exit_code })),
  };
}
