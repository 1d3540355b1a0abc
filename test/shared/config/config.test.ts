import { readFileSync } from 'node:fs';
import { loadConfig } from '../../../shared/config/config.js';

describe('loadConfig', () => {
  it('has a default for everything', () => {
    expect(loadConfig({})).toMatchObject({
      cluster: 'local',
      gateway: { host: '127.0.0.1', port: 8080, url: 'http://127.0.0.1:8080' },
      listenHost: '127.0.0.1',
      buildCacheSeconds: 10_800,
      functions: {},
    });
  });

  it.each([
    ['AMUN_PORT', '80800'],
    ['AMUN_PORT', 'http'],
    ['AMUN_RUN_TIMEOUT_SECONDS', '0'],
    ['AMUN_OUTPUT_LIMIT', '-1'],
    ['AMUN_MAX_BUILDS', '0'],
    ['AMUN_MAX_RUNS', 'many'],
    ['AMUN_CLUSTER', 'moon'],
    ['AMUN_ENGINE', 'rkt'],
    ['AMUN_FUNCTIONS', 'submit'],
    ['AMUN_NATS_TOKEN_FILE', '/nowhere/token'],
  ])('refuses %s=%s by name', (name, value) => {
    expect(() => loadConfig({ [name]: value })).toThrow(name);
  });

  it('bounds logs so that a cluster keeps them whole', () => {
    expect(loadConfig({})).toMatchObject({ logFormat: 'raw', outputLimitBytes: 8 * 1024 * 1024 });
    const kubernetes = { AMUN_CLUSTER: 'kubernetes', AMUN_REGISTRY: 'registry.example.com/amun' };
    const config = loadConfig(kubernetes);
    expect(config).toMatchObject({ logFormat: 'lines', outputLimitBytes: 4 * 1024 * 1024 });
    expect(loadConfig({ ...kubernetes, AMUN_OUTPUT_LIMIT: '2048' }).outputLimitBytes).toBe(2048);
  });

  describe('queues of Kueue', () => {
    const kubernetes = { AMUN_CLUSTER: 'kubernetes' };
    const queuesOf = (environment: Record<string, string>) => {
      const { builds, runs } = loadConfig(environment).kubernetes;
      return [builds.queue, runs.queue];
    };

    it.each([
      [{ ...kubernetes }, [undefined, undefined]],
      [{ ...kubernetes, AMUN_KUEUE_QUEUE: 'team-a' }, ['team-a', 'team-a']],
      [
        { ...kubernetes, AMUN_KUEUE_QUEUE: 'team-a', AMUN_KUEUE_BUILD_QUEUE: 'builds' },
        ['builds', 'team-a'],
      ],
      [
        { ...kubernetes, AMUN_KUEUE_BUILD_QUEUE: 'builds', AMUN_MAX_RUNS: '3' },
        ['builds', undefined],
      ],
      [
        { AMUN_CLUSTER: 'openshift', AMUN_KUEUE_QUEUE: 'team-a', AMUN_MAX_BUILDS: '3' },
        [undefined, 'team-a'],
      ],
      [{ AMUN_KUEUE_QUEUE: 'team-a', AMUN_MAX_RUNS: '3' }, [undefined, undefined]],
    ])('%j: %j', (environment, queues) => {
      expect(queuesOf(environment)).toEqual(queues);
    });

    it.each([
      [{ ...kubernetes, AMUN_KUEUE_QUEUE: 'Team A' }, /^AMUN_KUEUE_QUEUE is "Team A"/],
      [{ ...kubernetes, AMUN_KUEUE_BUILD_QUEUE: 'a/b' }, /^AMUN_KUEUE_BUILD_QUEUE is "a\/b"/],
      [{ ...kubernetes, AMUN_KUEUE_QUEUE: 'q', AMUN_MAX_BUILDS: '3' }, /unset AMUN_MAX_BUILDS/],
      [{ ...kubernetes, AMUN_KUEUE_QUEUE: 'q', AMUN_MAX_RUNS: '3' }, /unset AMUN_MAX_RUNS/],
      [{ AMUN_CLUSTER: 'openshift', AMUN_KUEUE_QUEUE: 'q', AMUN_MAX_RUNS: '3' }, /AMUN_MAX_RUNS/],
      [{ AMUN_CLUSTER: 'openshift', AMUN_KUEUE_BUILD_QUEUE: 'q' }, /does nothing on OpenShift/],
    ])('refuses %j', (environment, sentence) => {
      expect(() => loadConfig(environment)).toThrow(sentence);
    });
  });

  it('reads the functions by name', () => {
    const { functions } = loadConfig({ AMUN_FUNCTIONS: 'a=http://x:1, b=http://y/?q=1' });
    expect(functions).toEqual({ a: 'http://x:1', b: 'http://y/?q=1' });
  });

  it("takes the operator's network settings, in capitals or not", () => {
    const { operator } = loadConfig({ https_proxy: 'http://p:3128', SSL_CERT_FILE: '/ca.pem' });
    expect(operator).toEqual({
      caBundle: '/ca.pem',
      environment: { HTTPS_PROXY: 'http://p:3128' },
    });
  });

  it('reads exactly the variables that docs/configuration.md lists', () => {
    const sources = [
      'config',
      'export-config',
      'kubernetes-config',
      'kueue-config',
      'thoth-config',
    ];
    const texts = sources.map((name) => readFileSync(`shared/config/${name}.ts`, 'utf8'));
    const plain = texts.flatMap((text) => text.match(/(?<=')AMUN_\w+(?=')/g) ?? []);
    // A secret may lie in a file that another variable names.
    const secrets = texts.flatMap(
      (text) => text.match(/(?<=readSecret\(\s*\w+,\s*')AMUN_\w+/g) ?? [],
    );
    const read = new Set([...plain, ...secrets.map((name) => `${name}_FILE`)]);
    const documented = readFileSync('docs/configuration.md', 'utf8').match(/(?<=^\| `)AMUN_\w+/gm);
    expect([...(documented ?? [])].sort()).toEqual([...read].sort());
  });
});
