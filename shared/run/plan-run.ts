import type { ContextFile } from '../inspection/build-context.js';
import { scriptUrl } from '../inspection/script-url.js';
import type { EnvironmentVariable, Specification } from '../inspection/specification.js';
import { ENTRYPOINT_SCRIPT } from './entrypoint-script.js';
import { HWINFO_SCRIPT } from './hwinfo-script.js';
import type { LogFormat } from './run-log-mark.js';

/** What bounds a run from inside; the cluster bounds its time and memory from outside. */
export interface RunLimits {
  /** Bytes of stdout, and of stderr, that are passed on; the rest is counted. Default 8 MiB. */
  readonly outputBytes?: number;
  /** How the log is written. Default raw. */
  readonly logFormat?: LogFormat;
  /** Largest script that is fetched from a URL. Default 10 MiB. */
  readonly fetchBytes?: number;
  /** Longest time that fetching it may take. Default 60. */
  readonly fetchSeconds?: number;
  /** From the signal to stop until the script is killed. Default 5. */
  readonly stopSeconds?: number;
}

/** The part of a JobRequest that follows from the specification alone. */
export interface RunPlan {
  readonly files: ContextFile[];
  readonly init: string[];
  readonly command: string[];
  readonly environment: EnvironmentVariable[];
}

const HOME = '/home/amun';
const HWINFO_PATH = `${HOME}/hwinfo/info.json`;

/** What goes into each run of an inspection: files to mount, commands, environment. */
export function planRun(specification: Specification, limits: RunLimits = {}): RunPlan {
  const { script } = specification;
  const url = script === undefined ? undefined : scriptUrl(script);
  const files: ContextFile[] = [
    { path: '/amun/hwinfo.sh', content: HWINFO_SCRIPT, mode: 0o755, isCommon: true },
    { path: '/amun/entrypoint.sh', content: ENTRYPOINT_SCRIPT, mode: 0o755, isCommon: true },
  ];
  if (script !== undefined && url === undefined) {
    files.push({ path: `${HOME}/script`, content: script, mode: 0o755 });
  }
  return {
    files,
    init: ['/bin/sh', '/amun/hwinfo.sh'],
    command: ['/bin/sh', '/amun/entrypoint.sh'],
    environment: planEnvironment(specification.environment, limits, url),
  };
}

/** The user's variables, then ours: ours win, and only ours may have their names. */
function planEnvironment(
  given: readonly EnvironmentVariable[],
  limits: RunLimits,
  url: string | undefined,
): EnvironmentVariable[] {
  const ours: Record<string, number | string | undefined> = {
    THOTH_AMUN_HWINFO_PATH: HWINFO_PATH,
    AMUN_SCRIPT_URL: url,
    AMUN_OUTPUT_LIMIT: limits.outputBytes,
    AMUN_LOG_FORMAT: limits.logFormat,
    AMUN_FETCH_LIMIT: limits.fetchBytes,
    AMUN_FETCH_TIMEOUT: limits.fetchSeconds,
    AMUN_STOP_TIMEOUT: limits.stopSeconds,
  };
  const users = given.filter(({ name }) => !Object.hasOwn(ours, name));
  // The image may come with the home of another user.
  const home = users.some(({ name }) => name === 'HOME') ? [] : [{ name: 'HOME', value: HOME }];
  const added = Object.entries(ours).flatMap(([name, value]) =>
    value === undefined ? [] : [{ name, value: String(value) }],
  );
  return [...home, ...users, ...added];
}
