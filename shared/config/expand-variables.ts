import { readText, type Environment } from './read-variable.js';

/**
 * Puts variables of the environment into a text, as faas-cli does with stack.yml: `${NAME}` and
 * `${NAME:-default}`. An unset one without a default becomes empty.
 */
export function expandVariables(text: string, environment: Environment = process.env): string {
  return text.replace(
    /\$\{([A-Za-z_]\w*)(?::-([^}]*))?\}/g,
    (_, name: string, fallback: string | undefined) =>
      readText(environment, name) ?? fallback ?? '',
  );
}
