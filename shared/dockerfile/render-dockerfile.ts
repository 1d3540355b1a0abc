import { AmunError } from '../errors/amun-error.js';
import { type BuildStep, renderStep } from './build-step.js';

const HEAD = `# Each step mounts the files that it reads; none of them stays in the image. --files is their hash:
# some builders tell by a step's text alone whether they have its result already.`;

/** The commands of a base without a PATH of its own are where every system has them. */
const BASE_PATH = '${PATH:-/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin}';

/**
 * The run finds the stack's Python first. Images made for source-to-image have shells activate
 * another environment at their start, by the other three variables.
 */
const VENV = `ENV VIRTUAL_ENV=/home/amun/venv PATH=/home/amun/venv/bin:${BASE_PATH}
ENV BASH_ENV="" ENV="" PROMPT_COMMAND=""`;

/** Nothing of how the base is started may leak into the run. */
const TAIL = `ENV HOME=/home/amun
WORKDIR /home/amun
STOPSIGNAL SIGTERM
ENTRYPOINT []
CMD ["/bin/sh"]
USER 1042:1042`;

/** [registry/]name[:tag][@digest]: no white space, no $, no quote and no option gets into FROM. */
const BASE = /^(?:[A-Za-z0-9]|\[[A-Fa-f0-9:]+\][:/])[A-Za-z0-9._:/@-]*$/;

export interface DockerfileParts {
  readonly base: string;
  readonly steps: readonly BuildStep[];
  /** True where a step makes /home/amun/venv. */
  readonly hasVenv: boolean;
}

/** The Dockerfile's text. The base is the only text of a user in it. */
export function renderDockerfile({ base, steps, hasVenv }: DockerfileParts): string {
  if (!BASE.test(base)) {
    throw new AmunError(
      'InvalidSpecification',
      `The base ${JSON.stringify(base)} is no image reference; write [registry/]name[:tag][@digest].`,
      { details: [{ pointer: '/base', message: 'Write [registry/]name[:tag][@digest].' }] },
    );
  }
  const parts = [
    HEAD,
    `FROM ${base}\nUSER 0:0`,
    ...steps.map(renderStep),
    ...(hasVenv ? [VENV] : []),
    TAIL,
  ];
  return `${parts.join('\n\n')}\n`;
}
