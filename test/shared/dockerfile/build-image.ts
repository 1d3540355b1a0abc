import { randomBytes } from 'node:crypto';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { execa } from 'execa';
import { createBuildContext } from '../../../shared/dockerfile/create-build-context.js';
import {
  type OperatorSettings,
  withOperatorFiles,
} from '../../../shared/dockerfile/operator-files.js';
import type { BuildContext } from '../../../shared/inspection/build-context.js';
import { parseSpecification } from '../../../shared/inspection/parse-specification.js';

/** What makes base images, and images of them. */
export const BUILD_TOOLS = ['podman', 'debootstrap', 'busybox', 'flock'] as const;

const BUILD_TIMEOUT = 900_000;
const RUN_TIMEOUT = 180_000;
/** podman's own failure, rather than a step's. */
const PODMAN_FAILED = 125;
/** Looking for layers, podman 4.3 reads every image there is, and fails where another test removes one. */
const CACHE_TRIES = 3;

/** Machines differ in the limits they let a container have. */
const RUN_OPTIONS = ['--rm', '--ulimit=nofile=1024:1024', '--ulimit=nproc=4096:4096'];

export interface Built {
  readonly image: string;
  readonly exitCode: number;
  readonly log: string;
}

export interface BuildOptions {
  readonly operator?: OperatorSettings;
  /** Keep layers for later builds; without it nothing but the image itself is left. */
  readonly cache?: boolean;
  /** Milliseconds; a build that takes longer is ended, and throws. */
  readonly timeout?: number;
}

/** Builds images with podman under names of one test file, and removes them in the end. */
export class ImageBuilder {
  readonly #prefix = `localhost/amun-dockerfile-${randomBytes(4).toString('hex')}`;
  readonly #images: string[] = [];

  /** Builds the image of a specification, as a cluster adapter does. */
  async build(specification: object, options: BuildOptions = {}): Promise<Built> {
    const context = createBuildContext(parseSpecification(specification));
    return this.buildContext(
      options.operator === undefined ? context : withOperatorFiles(context, options.operator),
      options,
    );
  }

  /** The same, for what must succeed: its log is shown where it does not. */
  async buildWell(specification: object, options: BuildOptions = {}): Promise<Built> {
    const built = await this.build(specification, options);
    if (built.exitCode !== 0) throw new Error(`the image could not be built:\n${built.log}`);
    return built;
  }

  /** Builds a context; its files arrive as they do from a ConfigMap on OpenShift, 0600. */
  async buildContext(
    context: BuildContext,
    { cache = false, timeout = BUILD_TIMEOUT }: BuildOptions = {},
  ): Promise<Built> {
    const folder = await mkdtemp(path.join(tmpdir(), 'amun-dockerfile-'));
    const image = `${this.#prefix}:${this.#images.length}`;
    this.#images.push(image);
    try {
      for (const file of context.files) {
        const name = path.join(folder, file.path);
        await writeFile(name, file.content);
        await chmod(name, 0o600);
      }
      const args = ['build', '--isolation=chroot', `--layers=${String(cache)}`, `--tag=${image}`];
      for (let tries = 1; ; tries += 1) {
        const result = await execa('podman', [...args, folder], {
          all: true,
          reject: false,
          timeout,
        });
        if (result.timedOut) throw new Error(`the build took too long:\n${result.all}`);
        const exitCode = result.exitCode ?? -1;
        const isDisturbed = cache && exitCode === PODMAN_FAILED && tries < CACHE_TRIES;
        if (!isDisturbed) return { image, exitCode, log: result.all };
      }
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }

  /** An image on which others are based: lines of a Dockerfile and files beside it. */
  async base(
    lines: readonly string[],
    files: Readonly<Record<string, string>> = {},
    options: BuildOptions = {},
  ): Promise<string> {
    const all = { Dockerfile: `${lines.join('\n')}\n`, ...files };
    const context = {
      files: Object.entries(all).map(([name, content]) => ({ path: name, content, mode: 0o644 })),
    };
    const built = await this.buildContext(context, options);
    if (built.exitCode !== 0) throw new Error(`the base image could not be built:\n${built.log}`);
    return built.image;
  }

  /** Runs shell commands in an image as a cluster does: as its user, whatever its entrypoint. */
  async run(image: string, script: string, options: readonly string[] = []): Promise<string> {
    const network = options.some((option) => option.startsWith('--network'))
      ? []
      : ['--network=none'];
    const all = [...RUN_OPTIONS, ...network, '--entrypoint=["/bin/sh"]', ...options];
    const args = [...all, image, '-c', script];
    return (await execa('podman', ['run', ...args], { timeout: RUN_TIMEOUT })).stdout;
  }

  /** What podman knows of an image: its configuration. */
  async inspect(image: string): Promise<Record<string, unknown>> {
    const { stdout } = await execa('podman', ['image', 'inspect', image]);
    return (JSON.parse(stdout) as { Config: Record<string, unknown> }[])[0]?.Config ?? {};
  }

  async removeAll(): Promise<void> {
    for (const image of this.#images.reverse()) {
      await execa('podman', ['rmi', '--force', image], { reject: false });
    }
  }
}
