import { readFile } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import { parseYaml } from '../shared/inspection/parse-yaml.js';
import { CliError, EXIT } from './cli-error.js';

/**
 * The specification in a JSON or YAML file, or on stdin for "-"; what is in it is for the service
 * to judge. Throws a CliError that says what to write where it is neither.
 */
export async function readSpecificationFile(file: string): Promise<Record<string, unknown>> {
  const content = await read(file);
  const name = file === '-' ? 'What came on stdin' : file;
  let parsed: unknown;
  try {
    parsed = parseYaml(content);
  } catch (error) {
    const said = error instanceof Error ? error.message : String(error);
    throw refuse(
      `${name}: ${said} A specification is JSON or YAML, at least "base: IMAGE".`,
      error,
    );
  }
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) {
    throw refuse(`${name} holds no specification; write at least "base: IMAGE".`);
  }
  return parsed as Record<string, unknown>;
}

/** True for a matrix: variations of a specification, rather than one. */
export function isMatrixFile(content: Readonly<Record<string, unknown>>): boolean {
  return 'variations' in content || 'axes' in content;
}

async function read(file: string): Promise<string> {
  if (file === '-') return await text(process.stdin);
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    const why =
      code === 'ENOENT'
        ? 'does not exist'
        : code === 'EISDIR'
          ? 'is a folder'
          : `cannot be read (${code ?? 'unknown error'})`;
    throw refuse(`${file} ${why}; name a JSON or YAML file, or - for stdin.`, error);
  }
}

function refuse(message: string, cause?: unknown): CliError {
  return new CliError(message, { exitCode: EXIT.usage, cause });
}
