import type { Command } from 'commander';
import type { Specification } from '../../client/operations.js';
import type { CommandContext } from '../command-context.js';
import { readSpecificationFile } from '../read-specification-file.js';
import { withJson, withUrl, type ServiceOptions } from './url-option.js';

interface DockerfileOptions extends ServiceOptions {
  readonly json?: boolean;
}

/** `amun dockerfile FILE`: what a specification would be built from; nothing is built. */
export function addDockerfileCommand(program: Command, context: CommandContext): void {
  withJson(withUrl(program.command('dockerfile <file>')), 'it')
    .description('print the Dockerfile that a specification becomes, and build nothing')
    .addHelpText('after', '\nExample:\n  amun dockerfile examples/hello.yaml')
    .action((file: string, options: DockerfileOptions) => print(file, options, context));
}

async function print(
  file: string,
  options: DockerfileOptions,
  context: CommandContext,
): Promise<void> {
  const specification = await readSpecificationFile(file);
  const dockerfile = await context.connect(options.url).dockerfile(specification as Specification);
  const text = options.json === true ? JSON.stringify({ dockerfile }) : dockerfile;
  context.terminal.out(text.endsWith('\n') ? text : `${text}\n`);
}
