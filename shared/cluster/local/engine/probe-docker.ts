import { callEngine } from './call-engine.js';
import type { Probed } from './probe-podman.js';

/** Asks docker's daemon; undefined where there is no docker command. */
export async function probeDocker(forcedNetwork: string | undefined): Promise<Probed | undefined> {
  // The steps of our Dockerfiles mount files, which docker's older builder cannot.
  const cli = { name: 'docker', environment: { DOCKER_BUILDKIT: '1' } } as const;
  const said = await callEngine(cli, ['version', '--format', '{{.Server.Version}}'], 20_000);
  if (said.isMissing) return undefined;
  const version = said.stdout.trim();
  if (said.code !== 0 || version === '') {
    return { problem: `docker's daemon does not answer: ${said.stderr.trim()}` };
  }
  return {
    engine: {
      ...cli,
      version,
      runNetwork: forcedNetwork ?? 'bridge',
      buildArguments: forcedNetwork === 'host' ? ['--network', 'host'] : [],
      hasLimits: true,
      hasCgroupParents: false,
    },
  };
}
