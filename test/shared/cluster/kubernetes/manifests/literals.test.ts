import fc from 'fast-check';
import { createKubernetesCluster } from '../../../../../shared/cluster/kubernetes/create-kubernetes-cluster.js';
import type { BuildRequest, JobRequest } from '../../../../../shared/cluster/port.js';
import { createFakeApiServer } from '../fake-api-server.js';
import { FULL } from '../kubernetes-options.js';
import { buildOf, jobOf } from './requests.js';

interface Container {
  readonly command: string[];
  readonly env: { readonly name: string; readonly value: string }[];
}

/** The containers of the pod that is made, as the kubelet starts them. */
async function started(request: BuildRequest | JobRequest): Promise<Container[]> {
  const api = createFakeApiServer();
  const cluster = createKubernetesCluster(api, FULL);
  await ('context' in request ? cluster.ensureBuild(request) : cluster.ensureJob(request));
  const spec = api.objects.get(`/api/v1/namespaces/inspections/pods/${api.names('pods')[0]!}`)!
    .spec as unknown as { initContainers?: Container[]; containers: Container[] };
  return [...(spec.initContainers ?? []), ...spec.containers].map(({ command, env }) => {
    const known = new Map<string, string>();
    const expanded = env.map(({ name, value }) => {
      const seen = { name, value: expand(value, known) };
      known.set(name, seen.value);
      return seen;
    });
    return { command: command.map((word) => expand(word, known)), env: expanded };
  });
}

/** What Kubernetes makes of "$": "$$" is "$", "$(NAME)" a variable that is known. */
function expand(text: string, known: ReadonlyMap<string, string>): string {
  return text.replace(/\$\$|\$\(([^)]*)\)/g, (whole, name: string | undefined) =>
    name === undefined ? '$' : (known.get(name) ?? whole),
  );
}

/** Text made of what is likely to go wrong. */
const TRICKY = fc
  .array(fc.constantFrom('$', '$$', '$(HOME)', '$(', ')', '(', '`', '"', "'", '\\', '\n', 'é', 'x'))
  .map((parts) => parts.join(''));

describe('what containers are started with', () => {
  it('is what was asked for, character by character', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(TRICKY, { minLength: 1 }), TRICKY, async (words, value) => {
        const more = { command: words, init: words, environment: [{ name: 'MINE', value }] };
        const [init, main] = await started(jobOf(FULL.builder.repository, undefined, more));
        expect(init!.command).toEqual(['/bin/sh', '-c', '"$@"; exit 0', 'sh', ...words]);
        expect(main!.command).toEqual(words);
        for (const { env } of [init!, main!]) {
          expect(env).toContainEqual({ name: 'MINE', value });
          expect(env).toContainEqual({ name: 'HTTPS_PROXY', value: 'http://proxy:3128/$(HOME)' });
        }
      }),
      { numRuns: 50 },
    );
  });

  it('is our own script for a build, with its dollars', async () => {
    const [main] = await started(buildOf());
    expect(main!.command[2]).toContain('  wait "$child"\n  code=$?\n');
    expect(main!.command[2]).toContain('buildctl-daemonless.sh "$@" ');
  });

  it('has nothing of a user’s text in a command line', async () => {
    const evil = '"; touch /evil; "';
    const request = buildOf();
    const files = request.context.files.map((file) => ({ ...file, content: evil }));
    const [build] = await started({ ...request, context: { files } });
    expect(JSON.stringify(build!.command)).not.toContain('evil');

    const more = {
      files: [{ path: '/home/amun/script', content: evil, mode: 0o755 }],
      environment: [{ name: 'EVIL', value: evil }],
    };
    for (const { command } of await started(jobOf(FULL.builder.repository, undefined, more))) {
      expect(JSON.stringify(command)).not.toContain('evil');
    }
  });

  it('has the user’s variables last: they win over the operator’s, and each is there once', async () => {
    const environment = [
      { name: 'HTTPS_PROXY', value: 'mine' },
      { name: '__proto__', value: 'strange' },
      { name: 'HOME', value: '/elsewhere' },
    ];
    const more = { environment };
    for (const { env } of await started(jobOf(FULL.builder.repository, undefined, more))) {
      for (const variable of environment) expect(env).toContainEqual(variable);
      expect(new Set(env.map(({ name }) => name)).size).toBe(env.length);
    }
  });
});
