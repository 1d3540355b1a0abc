import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { probePodman } from '../../../shared/cluster/local/engine/probe-podman.js';
import { ENTRYPOINT_SCRIPT } from '../../../shared/run/entrypoint-script.js';
import { HWINFO_SCRIPT } from '../../../shared/run/hwinfo-script.js';
import { parseRunLog, type ParsedRunLog } from '../../../shared/run/parse-run-log.js';
import type { RawReport } from '../../../shared/run/raw-report.js';
import type { LogFormat } from '../../../shared/run/run-log-mark.js';
import { keepByLines } from './keep-by-lines.js';

export interface ContainerRun {
  readonly exitCode: number;
  readonly stdout: Buffer;
  readonly stderr: Buffer;
  readonly report: RawReport;
  readonly log: Buffer;
  /** Bytes of the file that a cluster's container runtime would keep the log in. */
  readonly keptBytes: number;
}

export interface ContainerOptions {
  /** With lines the log is read as a cluster's container runtime would hand it out. */
  readonly format?: LogFormat;
  readonly environment?: Readonly<Record<string, string>>;
  /** More arguments of `podman run`. */
  readonly arguments?: readonly string[];
  /** Called once the script has printed "ready", with a way to send process 1 a signal. */
  readonly whenReady?: (signal: (name: string) => Promise<void>) => Promise<void>;
  /** The same as soon as the log begins. */
  readonly whenStarted?: (signal: (name: string) => Promise<void>) => Promise<void>;
  readonly network?: string;
}

/** Runs scripts as clusters do: hwinfo first, then the entrypoint as process 1, user 1042. */
export class Containers {
  readonly #folder: string;
  readonly #environment: NodeJS.ProcessEnv;

  private constructor(folder: string, environment: NodeJS.ProcessEnv) {
    this.#folder = folder;
    this.#environment = environment;
  }

  static async start(folder: string): Promise<Containers> {
    const probed = await probePodman(path.join(folder, 'podman'), undefined);
    if (probed === undefined || 'problem' in probed)
      throw new Error(probed?.problem ?? 'no podman');
    await mkdir(path.join(folder, 'amun'));
    await writeFile(path.join(folder, 'amun/hwinfo.sh'), HWINFO_SCRIPT, { mode: 0o755 });
    await writeFile(path.join(folder, 'amun/entrypoint.sh'), ENTRYPOINT_SCRIPT, { mode: 0o755 });
    return new Containers(folder, { ...process.env, ...probed.engine.environment });
  }

  /** One run of `script` in the root; where it is undefined none is mounted. */
  async run(
    root: string,
    script: string | undefined,
    options: ContainerOptions = {},
  ): Promise<ContainerRun> {
    const name = `amun-run-test-${randomUUID()}`;
    const folder = path.join(this.#folder, name);
    await mkdir(folder);
    try {
      const mounts = ['-v', `${path.join(this.#folder, 'amun')}:/amun:ro`];
      if (script !== undefined) {
        await writeFile(path.join(folder, 'script'), script, { mode: 0o755 });
        mounts.push('-v', `${path.join(folder, 'script')}:/home/amun/script:ro`);
      }
      const format = options.format ?? 'raw';
      const environment = { AMUN_LOG_FORMAT: format, ...options.environment };
      const variables = Object.entries(environment).flatMap(([key, value]) => [
        '-e',
        `${key}=${value}`,
      ]);
      const common = [
        '--rm',
        '--name',
        name,
        '--log-driver',
        'none',
        '--user',
        '1042:1042',
        '--pids-limit',
        '200',
        '--network',
        options.network ?? 'none',
        ...mounts,
        ...variables,
        ...(options.arguments ?? []),
      ];
      const { exitCode, log } = await this.#podman(
        ['run', ...common, '--rootfs', root, '/bin/sh', '/amun/entrypoint.sh'],
        name,
        options,
      );
      const kept = keepByLines(log);
      const parsed: ParsedRunLog = parseRunLog(format === 'lines' ? kept.log : log);
      if (parsed.report === undefined)
        throw new Error(`no report in: ${log.toString('latin1').slice(-2000)}`);
      return {
        exitCode,
        log,
        keptBytes: kept.size,
        stdout: Buffer.from(parsed.stdout),
        stderr: Buffer.from(parsed.stderr),
        report: parsed.report,
      };
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }

  /** Writes hardware information in a container of the root; what it wrote. */
  async describeHardware(root: string): Promise<unknown> {
    const { log } = await this.#podman(
      [
        'run',
        '--rm',
        '--name',
        `amun-run-test-${randomUUID()}`,
        '--log-driver',
        'none',
        '--network',
        'none',
        '--user',
        '1042:1042',
        '-v',
        `${path.join(this.#folder, 'amun')}:/amun:ro`,
        '-e',
        'THOTH_AMUN_HWINFO_PATH=/dev/stdout',
        '--rootfs',
        root,
        '/bin/sh',
        '/amun/hwinfo.sh',
      ],
      '',
      {},
    );
    return JSON.parse(log.toString());
  }

  async #podman(
    args: string[],
    name: string,
    options: ContainerOptions,
  ): Promise<{ exitCode: number; log: Buffer }> {
    return await new Promise((resolve, reject) => {
      const child = execFile(
        'podman',
        args,
        {
          env: this.#environment,
          encoding: 'buffer',
          maxBuffer: 512 * 1024 * 1024,
          timeout: 180_000,
          killSignal: 'SIGKILL',
        },
        (error, log, stderr) => {
          const code = error === null ? 0 : error.code;
          if (typeof code !== 'number') {
            // Left behind by a run that never ended.
            execFile('podman', ['rm', '-f', name], { env: this.#environment }, () =>
              reject(
                new Error(
                  `${String(error?.message).slice(0, 500)}\n${log.toString('latin1').slice(-500)}`,
                ),
              ),
            );
          } else if (stderr.length > 0 && log.length === 0) reject(new Error(stderr.toString()));
          else resolve({ exitCode: code, log });
        },
      );
      let act = options.whenStarted ?? options.whenReady;
      const sign = options.whenStarted === undefined ? 'ready' : 'amun:';
      child.stdout?.on('data', (chunk: Buffer) => {
        if (act === undefined || !chunk.includes(sign)) return;
        act((signal) => this.#signal(name, signal)).catch(reject);
        act = undefined;
      });
    });
  }

  async #signal(name: string, signal: string): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      execFile('podman', ['kill', '--signal', signal, name], { env: this.#environment }, (error) =>
        error === null ? resolve() : reject(new Error(error.message)),
      );
    });
  }
}
