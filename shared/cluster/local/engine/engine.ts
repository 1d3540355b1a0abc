/** A container engine as this machine has it, and what was found to work here. */
export interface Engine {
  readonly name: 'podman' | 'docker';
  readonly version: string;
  /** Set for every call; the engine's own configuration is left alone. */
  readonly environment: Readonly<Record<string, string>>;
  /** The network that runs get. */
  readonly runNetwork: string;
  /** Arguments of every build: how its steps are isolated, and their network. */
  readonly buildArguments: readonly string[];
  /** False where memory and cores cannot be limited (rootless without delegated cgroups). */
  readonly hasLimits: boolean;
  /** True where a cgroup of our own can be the parent of a build's. */
  readonly hasCgroupParents: boolean;
  /** Where images and containers lie, where that is known. */
  readonly storage?: EngineStorage;
}

export interface EngineStorage {
  /** Holds a folder for each image, named by the hex digits of its id. */
  readonly images: string;
  /** Holds a folder for each container, named by its id. */
  readonly containers: string;
  /** Where conmon writes `<container id>` with the exit code as soon as a container ends. */
  readonly exits: string;
}

/** The engine in one line. */
export function describeEngine(engine: Engine): string {
  const limits = engine.hasLimits ? '' : ', without limits on memory and cores';
  return `${engine.name} ${engine.version}, network ${engine.runNetwork}${limits}`;
}
