import { randomBytes } from 'node:crypto';
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Engine } from '../../shared/cluster/local/engine/engine.js';
import { call, type Called, type Watch } from './open-engine.js';
import { operatorAuthorities, operatorEnvironment } from './operator.js';

export interface ApplicationBuild {
  readonly engine: Engine;
  readonly builder: string;
  /** The application's repository, with .s2i in it. */
  readonly source: string;
  /** The env of a BuildConfig. */
  readonly environment: Readonly<Record<string, string>>;
  /** Certificates that the build trusts beside those of this machine, PEM. */
  readonly certificate?: string;
  readonly watch?: Watch;
}

export interface BuiltApplication {
  /** Its name; there is such an image only where the code is 0. */
  readonly image: string;
  readonly code: number;
  readonly log: string;
}

/** What only the build needs; it lies in the context, and the image's environment has none of it. */
const AUTHORITIES = '/tmp/scripts/authorities.pem';

/**
 * Builds an application as `s2i build` does by way of a Dockerfile: the sources in /tmp/src, scripts
 * of the application's own in /tmp/scripts, .s2i/environment and the given variables in the image.
 */
export async function buildApplication(build: ApplicationBuild): Promise<BuiltApplication> {
  const context = await mkdtemp(join(tmpdir(), 'amun-s2i-'));
  const image = `localhost/amun-s2i-application:${randomBytes(6).toString('hex')}`;
  try {
    await cp(build.source, join(context, 'src'), { recursive: true });
    await cp(join(build.source, '.s2i/bin'), join(context, 'scripts'), { recursive: true });
    await mkdir(join(context, 'scripts'), { recursive: true });
    const authorities = `${operatorAuthorities()}\n${build.certificate ?? ''}`;
    await writeFile(join(context, 'scripts/authorities.pem'), authorities);
    await writeFile(join(context, 'Containerfile'), await containerfile(build));
    const proxies = Object.entries(operatorEnvironment()).flatMap(([name, value]) =>
      name.endsWith('_PROXY') ? ['--build-arg', `${name}=${value}`] : [],
    );
    const { engine } = build;
    const args = [
      ...['build', ...engine.buildArguments, ...proxies],
      ...(engine.name === 'podman' ? ['--layers=false'] : ['--no-cache']),
      ...['--tag', image, '--file', join(context, 'Containerfile'), context],
    ];
    const { code, log } = await call(engine, args, build.watch);
    return { image, code, log };
  } finally {
    await rm(context, { recursive: true, force: true });
  }
}

async function containerfile({ builder, source, environment }: ApplicationBuild): Promise<string> {
  const own = await readFile(join(source, '.s2i/environment'), 'utf8').catch(() => '');
  const variables = own.split('\n').filter((line) => /^\w+=/.test(line));
  const given = Object.entries(environment).map(([name, value]) => `${name}=${value}`);
  const { PIP_INDEX_URL, PIP_EXTRA_INDEX_URL } = operatorEnvironment();
  const needed = {
    ...Object.fromEntries(
      ['SSL_CERT_FILE', 'PIP_CERT', 'REQUESTS_CA_BUNDLE'].map((name) => [name, AUTHORITIES]),
    ),
    ...(PIP_INDEX_URL === undefined ? {} : { PIP_INDEX_URL }),
    ...(PIP_EXTRA_INDEX_URL === undefined ? {} : { PIP_EXTRA_INDEX_URL }),
  };
  return [
    `FROM ${builder}`,
    'COPY --chown=1001:0 src /tmp/src',
    'COPY --chown=1001:0 scripts /tmp/scripts',
    ...[...variables, ...given].map((line) => `ENV ${line.replace(/=(.*)$/, '="$1"')}`),
    `RUN ${Object.entries(needed)
      .map(([name, value]) => `${name}='${value}'`)
      .join(' ')} /tmp/scripts/assemble`,
    '',
  ].join('\n');
}

/** Runs what was built, once. */
export async function runApplication(
  engine: Engine,
  image: string,
  environment: Readonly<Record<string, string>>,
  watch?: Watch,
): Promise<Called> {
  const variables = Object.entries(environment).flatMap(([name, value]) => [
    '--env',
    `${name}=${value}`,
  ]);
  return await call(engine, ['run', '--rm', '--network=none', ...variables, image], watch);
}

export async function removeImage(engine: Engine, image: string): Promise<void> {
  await call(engine, ['rmi', '--force', image]);
}
