import { readText, type Environment } from './read-variable.js';

/** What the command line takes from its surroundings; its options come before these. */
export interface CliConfig {
  /** AMUN_URL: the service that commands speak to. */
  readonly url: string | undefined;
  /** AMUN_DIR: the state folder of `amun up` and `amun down`. */
  readonly directory: string | undefined;
  /** AMUN_PORT: where `amun up` serves. */
  readonly port: string | undefined;
  /** AMUN_CLUSTER: where `amun up` has builds and runs carried out. */
  readonly cluster: string | undefined;
  /** AMUN_LOG_LEVEL is debug or trace: failures come with their stack. */
  readonly debug: boolean;
  /** npx is between us and whoever gave the command. */
  readonly startedByNpx: boolean;
  /** PATH, by which programs are found. */
  readonly path: string;
}

/** Reads the command line's part of the environment. */
export function loadCliConfig(environment: Environment = process.env): CliConfig {
  return {
    url: readText(environment, 'AMUN_URL'),
    directory: readText(environment, 'AMUN_DIR'),
    port: readText(environment, 'AMUN_PORT'),
    cluster: readText(environment, 'AMUN_CLUSTER'),
    debug: ['debug', 'trace'].includes(readText(environment, 'AMUN_LOG_LEVEL') ?? ''),
    startedByNpx: readText(environment, 'npm_command') === 'exec',
    path: environment['PATH'] ?? '',
  };
}

/** The environment of a process that this one starts: its own, with `settings` on top. */
export function childEnvironment(
  settings: Readonly<Record<string, string>>,
  environment: Environment = process.env,
): Record<string, string> {
  const own = Object.entries(environment).filter(
    (entry): entry is [string, string] => entry[1] !== undefined,
  );
  return { ...Object.fromEntries(own), ...settings };
}
