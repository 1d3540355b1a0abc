/** What one check found out. */
export interface Finding {
  /** "nats-server", "container engine", … */
  readonly name: string;
  readonly ok: boolean;
  /** False: Amun works without it, with a limit that `detail` tells. */
  readonly needed: boolean;
  /** What was found, or what is wrong: for people, one line. */
  readonly detail: string;
  /** The command or the step that mends it. */
  readonly remedy?: string;
  /** Packages of this system whose installation mends it. */
  readonly packages?: readonly string[];
}

/** What checks look at; tests put something of their own there. */
export interface Machine {
  /** PATH. */
  readonly path: string;
  /** Folders that are searched besides PATH. */
  readonly systemFolders?: readonly string[];
  readonly osRelease: string;
  readonly platform: NodeJS.Platform;
  readonly nodeVersion: string;
  readonly directory: string;
  readonly port: number;
  /** The folder of the built programs. */
  readonly programs: string;
}
