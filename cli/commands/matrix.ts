import { randomUUID } from 'node:crypto';
import type { Command } from 'commander';
import { CliError, EXIT } from '../cli-error.js';
import type { Client, MatrixRequest } from '../../client/create-client.js';
import type { MatrixStatus } from '../../client/matrix-answers.js';
import type { CommandContext } from '../command-context.js';
import { followMatrix } from '../follow/follow-matrix.js';
import { persist } from '../../client/persist.js';
import { describeMatrix } from '../output/describe-matrix.js';
import { createProgressLine } from '../output/progress-line.js';
import { isMatrixFile, readSpecificationFile } from '../read-specification-file.js';
import { withUrl, type ServiceOptions } from './url-option.js';

interface MatrixOptions extends ServiceOptions {
  readonly base?: string;
  readonly wait: boolean;
  readonly json?: boolean;
  readonly all?: boolean;
}

/** `amun matrix FILE`: submits variations of one specification and compares what they left. */
export function addMatrixCommand(program: Command, context: CommandContext): void {
  withUrl(program.command('matrix <file>'))
    .description('run variations of one specification and compare them')
    .option('--base <image>', 'use this base image instead of the one in the specification')
    .option('--no-wait', 'submit only, and print the id')
    .option('--all', 'show every number that the runs printed')
    .option('--json', 'print one JSON object at the end, and nothing else, on stdout')
    .addHelpText(
      'after',
      `
FILE is a matrix in JSON or YAML; - reads it from stdin: a specification, and variations of it or axes
whose combinations are the variations (docs/matrix.md).
Exit code: 0 all succeeded, 1 one of them did not, 2 refused, 3 no service, 130 Ctrl-C (they go on).

Example:
  amun matrix examples/matrix.yaml`,
    )
    .action((file: string, options: MatrixOptions) => runMatrix(file, options, context));
}

async function runMatrix(
  file: string,
  options: MatrixOptions,
  context: CommandContext,
): Promise<void> {
  const { terminal, signal } = context;
  const request = withBase(await readMatrixFile(file), options.base);
  const client = context.connect(options.url);
  const progress = createProgressLine(terminal);
  // With one key, asking again completes what was begun and begins nothing anew.
  const key = randomUUID();
  const waiting = (): void => progress.show('waiting for the service to answer');
  const submitted = await persist(
    () => client.submitMatrix(request as unknown as MatrixRequest, key),
    signal,
    waiting,
  );
  progress.clear();
  if (!options.wait) {
    const line = options.json === true ? JSON.stringify(submitted) : submitted.matrix_id;
    terminal.out(`${line}\n`);
    return;
  }
  const { matrix_id: id, inspections } = submitted;
  if (options.json !== true) {
    terminal.err(`${id} with ${inspections.length} inspections submitted to ${client.url}\n`);
  }
  const matrix = await follow(client, id, context);
  if (matrix === undefined) return;
  const isGood = matrix.table.rows.every((row) => row.phase === 'succeeded');
  context.end(isGood ? EXIT.succeeded : EXIT.failed);
  if (options.json === true) terminal.out(`${JSON.stringify(matrix)}\n`);
  else terminal.out(describeMatrix(matrix.table, { all: options.all === true }));
}

async function readMatrixFile(file: string): Promise<Record<string, unknown>> {
  const content = await readSpecificationFile(file);
  // What lacks only its variations is for the service to refuse, which says what to write.
  if (isMatrixFile(content) || 'specification' in content) return content;
  throw new CliError(
    `${file} holds one specification; run it with \`amun inspect\`, or write specification and variations.`,
    { exitCode: EXIT.usage },
  );
}

function withBase(
  request: Record<string, unknown>,
  base: string | undefined,
): Record<string, unknown> {
  if (base === undefined) return request;
  return { ...request, specification: { ...(request['specification'] as object), base } };
}

/** undefined where the user pressed Ctrl-C. */
async function follow(
  client: Client,
  id: string,
  context: CommandContext,
): Promise<MatrixStatus | undefined> {
  const { terminal, signal } = context;
  const progress = createProgressLine(terminal);
  try {
    return await followMatrix(id, { client, signal, progress });
  } catch (error) {
    progress.clear();
    terminal.err(`${id} goes on; \`amun compare ${id}\` shows how it stands.\n`);
    if (!signal.aborted) throw error;
    context.end(EXIT.interrupted);
    return undefined;
  }
}
