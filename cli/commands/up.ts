import { Option, type Command } from 'commander';
import { CLUSTER_KINDS, type ClusterKind } from '../../shared/config/config.js';
import { CliError, EXIT } from '../cli-error.js';
import type { CommandContext } from '../command-context.js';
import type { StackCluster } from '../up/plan-stack.js';
import { runUp } from '../up/run-up.js';
import { wholeNumber } from './parse-number.js';

interface UpOptions {
  readonly dir?: string;
  readonly port?: number;
  readonly cluster?: ClusterKind;
  readonly context?: string;
  readonly namespace?: string;
  readonly registry?: string;
}

const DEFAULT_DIRECTORY = '.amun';
const DEFAULT_PORT = '8080';
const parsePort = wholeNumber(0, 65_535);

/** The state folder: what was said, AMUN_DIR, or .amun here. */
export function stackDirectory(dir: string | undefined, context: CommandContext): string {
  return dir ?? context.config.directory ?? DEFAULT_DIRECTORY;
}

/** `amun up`: everything on this machine, in the foreground. */
export function addUpCommand(program: Command, context: CommandContext): void {
  program
    .command('up')
    .description('run the whole service on this machine, in the foreground, until Ctrl-C')
    .option('--dir <folder>', 'where all of its state goes (default: AMUN_DIR, else .amun here)')
    .option('--port <port>', 'where it serves; 0: any (default: AMUN_PORT, else 8080)', parsePort)
    .addOption(
      new Option('--cluster <kind>', 'where builds and runs go (default: AMUN_CLUSTER, else local)')
        .choices(CLUSTER_KINDS)
        .argParser(parseCluster),
    )
    .option('--context <name>', "not local: the kubeconfig's context (default: its current one)")
    .option('--namespace <name>', "not local: of builds and runs (default: the context's)")
    .option(
      '--registry <repository>',
      'kubernetes: where builds push to (default: AMUN_REGISTRY); openshift has its own',
    )
    .addHelpText(
      'after',
      '\nExamples:\n  amun up --dir /var/tmp/amun --port 8081\n  amun up --cluster kubernetes --registry registry.example.com/amun',
    )
    .action(async (options: UpOptions) => {
      const code = await runUp({
        directory: stackDirectory(options.dir, context),
        port: choosePort(options.port, context),
        programs: context.programs,
        path: context.config.path,
        terminal: context.terminal,
        cluster: chooseCluster(options, context),
        endWithParent: context.config.startedByNpx,
      });
      context.end(code);
    });
}

/** The cluster: what was said of it, or the environment; each process reads the rest there. */
function chooseCluster(options: UpOptions, context: CommandContext): StackCluster {
  const said = {
    AMUN_KUBE_CONTEXT: options.context,
    AMUN_NAMESPACE: options.namespace,
    AMUN_REGISTRY: options.registry,
  };
  const settings = Object.entries(said).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, value] as const],
  );
  const kind = options.cluster ?? parseCluster(context.config.cluster ?? 'local');
  return { kind, settings: Object.fromEntries(settings) };
}

function parseCluster(text: string): ClusterKind {
  const kind = CLUSTER_KINDS.find((known) => known === text);
  if (kind !== undefined) return kind;
  const message = `The cluster is "${text}"; write ${CLUSTER_KINDS.join(' or ')}.`;
  throw new CliError(message, { exitCode: EXIT.usage });
}

/** The port: what was said, AMUN_PORT, or 8080. */
export function choosePort(port: number | undefined, context: CommandContext): number {
  if (port !== undefined) return port;
  const text = context.config.port ?? DEFAULT_PORT;
  try {
    return parsePort(text);
  } catch {
    const message = `AMUN_PORT is "${text}"; write a number from 0 to 65535.`;
    throw new CliError(message, { exitCode: EXIT.usage });
  }
}
