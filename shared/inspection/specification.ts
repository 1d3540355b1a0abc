/** Any JSON value, as parsed. */
export type Json = string | number | boolean | null | Json[] | { [key: string]: Json };
export type JsonObject = { [key: string]: Json };

/** Hardware a build or run must find on its machine. Absent fields do not matter. */
export interface Hardware {
  readonly cpu_family?: number;
  readonly cpu_model?: number;
  /** Vendor or brand of the processor, as in /proc/cpuinfo ("GenuineIntel", part of the model name). */
  readonly processor?: string;
  readonly physical_cpus?: number;
  /** Number of GPUs. */
  readonly gpu?: number;
}

/** What a build or a run asks of the machine it runs on. */
export interface Requests {
  /** Kubernetes quantity, cores: "500m", "2". */
  readonly cpu: string;
  /** Kubernetes quantity, bytes: "256Mi", "1.5Gi". */
  readonly memory: string;
  readonly hardware: Hardware;
}

/** Keys and values as those of Kubernetes' labels. */
export type Labels = Readonly<Record<string, string>>;

export interface PythonStack {
  /** A Pipfile as JSON. */
  readonly requirements: JsonObject;
  /** A Pipfile.lock as JSON; absent where the advice is to bring it. */
  readonly requirements_locked?: JsonObject;
  readonly runtime_environment?: Json;
  readonly constraints?: Json;
}

export const RECOMMENDATION_TYPES = [
  'latest',
  'stable',
  'performance',
  'security',
  'testing',
] as const;

/** How Thoth is asked which versions of a Python stack to install. */
export interface Advise {
  /** "host" or "host:port" in lower case; absent: the one that is configured. */
  readonly host?: string;
  readonly recommendation_type: (typeof RECOMMENDATION_TYPES)[number];
  /** The stack is sent, and the lock stays. */
  readonly dry_run: boolean;
  /** Where there is no advice, the lock is installed. */
  readonly fallback: boolean;
  /** Ask anew even where there is an answer from a moment ago. */
  readonly force: boolean;
}

export interface SpecificationFile {
  /** Absolute and normalised: "/opt/app/config.ini". */
  readonly path: string;
  readonly content: string;
}

export interface EnvironmentVariable {
  readonly name: string;
  readonly value: string;
}

/**
 * A specification after validation, with every default filled in. Only code that got it from
 * parseSpecification may trust it. Field names are those of the wire.
 */
export interface Specification {
  readonly base: string;
  readonly identifier?: string;
  /** What it can be found by; absent where there are none. */
  readonly labels?: Labels;
  readonly packages: readonly string[];
  readonly python_packages: readonly string[];
  /** Absent where both of its parts were empty. */
  readonly python?: PythonStack;
  /** Absent where no advice is asked; where it is, there is a Python stack. */
  readonly advise?: Advise;
  readonly package_manager: 'micropipenv' | 'pipenv';
  readonly files: readonly SpecificationFile[];
  readonly environment: readonly EnvironmentVariable[];
  /** The script's text, or the http(s) URL to fetch it from; absent: build only. */
  readonly script?: string;
  /** Number of runs, 1 to 1000. */
  readonly batch_size: number;
  readonly build: { readonly requests: Requests };
  readonly run: { readonly requests: Requests };
  readonly update: boolean;
  readonly upgrade_pip: boolean;
  readonly send_messages: boolean;
  readonly force_sync: boolean;
  /** Build anew even where the same stack was built a moment ago. */
  readonly force: boolean;
}
