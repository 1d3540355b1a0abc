import type {
  Advise,
  EnvironmentVariable,
  Hardware,
  Json,
  JsonObject,
  SpecificationFile,
} from '../specification.js';

/** A specification that fits the schema: nulls are gone, defaults are not filled in yet. */
export interface SentSpecification {
  readonly base: string;
  readonly identifier?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly packages?: readonly string[];
  readonly python_packages?: readonly string[];
  readonly python?: SentPythonStack;
  readonly advise?: Partial<Advise>;
  readonly package_manager?: 'micropipenv' | 'pipenv';
  readonly files?: readonly SpecificationFile[];
  readonly environment?: readonly EnvironmentVariable[];
  readonly script?: string;
  readonly batch_size?: number;
  readonly build?: SentStage;
  readonly run?: SentStage;
  readonly update?: boolean;
  readonly upgrade_pip?: boolean;
  readonly send_messages?: boolean;
  readonly force_sync?: boolean;
  readonly force?: boolean;
}

export interface SentPythonStack {
  readonly requirements?: JsonObject;
  readonly requirements_locked?: JsonObject;
  readonly runtime_environment?: Json;
  readonly constraints?: Json;
}

/** `build` or `run`. */
export interface SentStage {
  readonly requests?: {
    readonly cpu?: string | number;
    readonly memory?: string | number;
    readonly hardware?: Hardware;
  };
}
