import type { Reason } from './reason.js';
import type { Json, JsonObject } from './specification.js';

/** getrusage's figures: seconds, kibibytes and counts; null is what the image gave no way to know. */
export const USAGE_FIELDS = [
  'ru_utime',
  'ru_stime',
  'ru_maxrss',
  'ru_ixrss',
  'ru_idrss',
  'ru_isrss',
  'ru_minflt',
  'ru_majflt',
  'ru_nswap',
  'ru_inblock',
  'ru_oublock',
  'ru_msgsnd',
  'ru_msgrcv',
  'ru_nsignals',
  'ru_nvcsw',
  'ru_nivcsw',
] as const;

export type Usage = Readonly<Record<(typeof USAGE_FIELDS)[number], number | null>>;

export interface RuntimeEnvironment {
  readonly cuda_version: string | null;
  readonly hardware: { readonly cpu_family: number | null; readonly cpu_model: number | null };
  readonly operating_system: { readonly name: string | null; readonly version: string | null };
  readonly python_version: string | null;
}

/**
 * What a run leaves, with the names of the wire. Clients refuse a report in which exit_code,
 * hwinfo, script_sha256, stderr, stdout, usage, runtime_environment or os_release is null: what
 * nobody knows is empty there instead.
 */
export interface Report {
  /** 128 + n for signal n; -1 where nobody knows. */
  readonly exit_code: number;
  /** Parsed where it is JSON, else its text. */
  readonly stdout: Json;
  readonly stderr: string;
  /** Hexadecimal; empty where the script was fetched and nothing in the image could hash it. */
  readonly script_sha256: string;
  readonly usage: Usage;
  readonly hwinfo: JsonObject;
  /** /etc/os-release, keys in lower case. */
  readonly os_release: Readonly<Record<string, string>>;
  readonly runtime_environment: RuntimeEnvironment;
  /** ISO 8601, UTC; null where the run never started. */
  readonly start_datetime: string | null;
  readonly end_datetime: string | null;
  /** The same as start_datetime, under the name that older readers know. */
  readonly datetime: string | null;
  readonly hostname: string;
  /** Why it did not succeed; null where it did. */
  readonly reason: Reason | null;
  /** What is to be said of the reason: the cluster's words, or why the script was not fetched. */
  readonly message: string | null;
  /** "entrypoint": written inside the run. "observed": made from what the cluster saw. */
  readonly report_source: 'entrypoint' | 'observed';
  /** Bytes of output that are missing from stdout and stderr. */
  readonly stdout_cut: number;
  readonly stderr_cut: number;
  /** Processes of the run that the kernel killed for want of memory. */
  readonly oom_kills: number;
}
