import type { Command } from 'commander';
import { CliError, EXIT } from '../cli-error.js';
import type { InspectionStatus } from '../../client/answers.js';
import type { Client } from '../../client/create-client.js';
import { findInspection } from '../find-inspection.js';
import type { CommandContext } from '../command-context.js';
import { followBuildLog, followRun, type LogFollower } from '../follow/follow-log.js';
import { followRuns } from '../follow/follow-runs.js';
import { createOutputSink, type OutputSink } from '../follow/output-sink.js';
import { persist } from '../../client/persist.js';
import { writeEvent } from '../follow/write-event.js';
import { createProgressLine } from '../output/progress-line.js';
import { wholeNumber } from './parse-number.js';
import { withJson, withUrl, type ServiceOptions } from './url-option.js';

interface LogsOptions extends ServiceOptions {
  readonly build?: boolean;
  readonly item?: number;
  readonly follow?: boolean;
  readonly json?: boolean;
}

/** `amun logs ID`: what a run wrote, or the build's log. */
export function addLogsCommand(program: Command, context: CommandContext): void {
  withJson(withUrl(program.command('logs <id>')), 'the log')
    .description('print what the script wrote, or with --build the log of the build')
    .option('--build', "the build's log instead of the script's output")
    .option('--item <number>', 'which run of a batch, from 0', wholeNumber(0, 999))
    .option('-f, --follow', 'go on until it has ended')
    .addHelpText(
      'after',
      '\nExamples:\n  amun logs 3f2a --build --follow\n  amun logs 3f2a --item 4',
    )
    .action((id: string, options: LogsOptions) => logs(id, options, context));
}

async function logs(typed: string, options: LogsOptions, context: CommandContext): Promise<void> {
  if (options.build === true && options.item !== undefined) {
    const message = '--build and --item exclude each other; leave one of them out.';
    throw new CliError(message, { exitCode: EXIT.usage });
  }
  const client = context.connect(options.url);
  const id = await findInspection(client, typed);
  if (options.json === true) {
    const found =
      options.build === true
        ? await buildAsJson(client, id)
        : await runAsJson(client, id, options.item ?? 0);
    context.terminal.out(`${JSON.stringify({ inspection_id: id, ...found })}\n`);
    return;
  }
  await print(client, id, options, context);
}

/** Prints every log that is asked for: what there is now, or with --follow until its end. */
async function print(
  client: Client,
  id: string,
  options: LogsOptions,
  context: CommandContext,
): Promise<void> {
  const { terminal, signal } = context;
  const progress = createProgressLine(terminal);
  const sink = createOutputSink(terminal, progress);
  const onTrouble = (): void => progress.show('waiting for the service to answer');
  const status = await persist(() => client.status(id), signal, onTrouble);
  const isBatch = options.item === undefined && status.job.completions > 1;
  let wrote = false;
  if (options.follow === true) {
    const all = Array.from({ length: status.job.completions }, (_, item) => item);
    const wants =
      options.build === true
        ? { items: [], buildLog: true }
        : { items: options.item === undefined ? all : [options.item], buildLog: false };
    await followRuns(client, id, wants, { signal, onTrouble }, (event) => {
      // Asked for by itself, a build's log is the command's output.
      if (writeEvent(event, sink, isBatch, 'stdout')) wrote = true;
      return !(options.build === true && event.event === 'build_log' && event.complete);
    });
  } else {
    for (const log of logsOf(client, id, status, options, sink)) {
      while (await persist(() => log.pull(true), signal, onTrouble)) wrote = true;
    }
  }
  progress.clear();
  sink.flush();
  if (wrote) return;
  const newest = await persist(() => client.status(id), signal, onTrouble);
  terminal.err(`${whyNothing(id, newest, options)}\n`);
}

/** What there is now of the build's log, or of the runs that have begun. */
function logsOf(
  client: Client,
  id: string,
  status: InspectionStatus,
  options: LogsOptions,
  sink: OutputSink,
): LogFollower[] {
  if (options.build === true) {
    return [
      followBuildLog(client, id, { ...sink, write: (_, text) => sink.write('stdout', text) }),
    ];
  }
  const label = options.item === undefined && status.job.completions > 1;
  return started(status, options.item).map((item) =>
    followRun(client, id, item, sink, label ? `[${item}] ` : undefined),
  );
}

function started(status: InspectionStatus, item: number | undefined): number[] {
  return status.job.runs
    .filter((run) => run.state !== 'waiting' && (item === undefined || run.item === item))
    .map((run) => run.item);
}

function whyNothing(id: string, status: InspectionStatus, options: LogsOptions): string {
  if (options.build === true) {
    return status.build.state === 'waiting'
      ? 'The build has not begun.'
      : 'The build wrote nothing.';
  }
  if (options.item !== undefined && options.item >= status.job.completions) {
    return `There is no run ${options.item}; ${id} has ${status.job.completions}, counted from 0.`;
  }
  if (status.job.runs.every((run) => run.state === 'waiting')) {
    return `No run has begun (${status.phase}); \`amun logs ${id} --build\` shows the build.`;
  }
  return 'The script wrote nothing.';
}

async function buildAsJson(client: Client, id: string): Promise<Record<string, unknown>> {
  const { log, complete } = await client.buildLog(id, 0);
  return { log, complete };
}

async function runAsJson(
  client: Client,
  id: string,
  item: number,
): Promise<Record<string, unknown>> {
  const { stdout, stderr, complete, cut } = await client.output(id, item, undefined);
  return { item, stdout, stderr, complete, cut };
}
