import { readdirSync, readFileSync } from 'node:fs';
import { BlockList, isIPv6 } from 'node:net';
import { parse } from 'yaml';
import {
  describeWithKubectl,
  OVERLAYS,
  podSpec,
  render,
  workloads,
  type Manifest,
} from './kustomize.js';

const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string };
const PROGRAM = /^\/app\/dist\/services\/([\w-]+)\.js$/;
const HANDLER = /^\/app\/dist\/functions\/([\w-]+)\/handler\.js$/;

describeWithKubectl()('deploy', () => {
  describe.each(OVERLAYS)('%s', (overlay) => {
    let manifests: Manifest[];
    beforeAll(() => {
      manifests = render(`deploy/${overlay}`);
    });

    it('runs nothing by a tag that moves', () => {
      const images = workloads(manifests).flatMap((each) =>
        podSpec(each).containers.map(({ image }) => image),
      );
      const own = images.filter((image) => image.endsWith(`amun:${version}`));
      expect(own).toHaveLength(overlay === 'openfaas' ? 2 : 7);
      for (const image of images) expect(image).toMatch(/:\d+\.\d+\.\d+(-alpine)?$/);
    });

    it('starts programs that there are, several of each', () => {
      const programs = manifests.filter(({ kind }) => kind === 'Deployment');
      for (const { spec, metadata } of programs) {
        const [, program = '', handler] = spec?.template?.spec.containers[0]?.command ?? [];
        const service = PROGRAM.exec(program)?.[1] ?? '';
        expect(readdirSync(`services/${service}`)).toContain('main.ts');
        if (service === 'function-host') {
          const name = HANDLER.exec(handler ?? '')?.[1] ?? '';
          expect(readdirSync(`functions/${name}`)).toContain('handler.ts');
          expect(metadata.name).toBe(name);
        } else expect(metadata.name).toBe(service);
        expect(spec?.replicas).toBe(2);
      }
      const budgets = manifests.filter(({ kind }) => kind === 'PodDisruptionBudget');
      expect(budgets.map(({ spec }) => spec?.selector?.matchLabels)).toEqual(
        programs.map(({ spec }) => spec?.selector?.matchLabels),
      );
    });

    it('bounds and watches every container, and tells it of no other Service', () => {
      for (const each of workloads(manifests)) {
        expect(podSpec(each).enableServiceLinks).toBe(false);
        for (const container of podSpec(each).containers) {
          expect(container.resources).toMatchObject({
            requests: { cpu: expect.any(String) as string, memory: expect.any(String) as string },
            limits: { memory: expect.any(String) as string },
          });
          expect(container.readinessProbe).toBeDefined();
          expect(container.livenessProbe).toBeDefined();
        }
      }
    });

    it('gives functions the time to finish what is in hand', () => {
      const hosts = workloads(manifests).filter((each) =>
        podSpec(each).containers[0]?.command?.some((word) => HANDLER.test(word)),
      );
      expect(hosts).toHaveLength(overlay === 'openfaas' ? 0 : 4);
      for (const host of hosts) {
        expect(podSpec(host).terminationGracePeriodSeconds).toBeGreaterThan(60);
      }
    });

    it('sets variables that there are', () => {
      const known = new Set(
        readdirSync('shared/config').flatMap((file) =>
          Array.from(readFileSync(`shared/config/${file}`, 'utf8').matchAll(/'(AMUN_\w+)'/g)).map(
            ([, name]) => name,
          ),
        ),
      );
      const settings = manifests.find(
        ({ kind, metadata }) => kind === 'ConfigMap' && metadata.name.startsWith('amun-'),
      );
      const used = workloads(manifests)
        .flatMap((each) => podSpec(each).containers)
        .filter(({ name }) => name === 'program')
        .flatMap(({ env = [] }) => env.map(({ name }) => name));
      const names = [...Object.keys(settings?.data ?? {}), ...used];
      expect(names).toContain('AMUN_NATS_TOKEN');
      expect(names.filter((name) => !known.has(name))).toEqual([]);
      for (const { envFrom } of workloads(manifests).flatMap((each) => podSpec(each).containers)) {
        for (const { configMapRef } of envFrom ?? []) {
          expect(configMapRef.name).toBe(settings?.metadata.name);
        }
      }
    });

    it('keeps builds and runs off the cluster and the networks around it', () => {
      const policy = manifests.find(
        ({ kind, metadata }) => kind === 'NetworkPolicy' && metadata.name === 'internet-only',
      );
      const internet = policy?.spec?.egress?.at(-1)?.to ?? [];
      const reaches = (address: string): boolean =>
        internet.some(({ ipBlock: { cidr, except = [] } = { cidr: '' } }) => {
          if (isIPv6(address) !== cidr.includes(':')) return false;
          return isWithin([cidr], address) && !isWithin(except, address);
        });
      for (const address of ['1.1.1.1', '172.32.0.1', '151.101.0.1', '2606:4700::1111']) {
        expect([address, reaches(address)]).toEqual([address, true]);
      }
      for (const address of [
        ...['10.96.0.1', '172.16.0.1', '172.31.255.255', '192.168.1.1', '100.64.0.1'],
        ...['169.254.169.254', '100.100.100.200', '168.63.129.16', 'fd00:ec2::254', 'fe80::1'],
      ]) {
        expect([address, reaches(address)]).toEqual([address, false]);
      }
    });
  });

  it('leads the gateway to every function, by names that each answers to', () => {
    const manifests = render('deploy/standalone');
    const { data } = manifests.find(
      ({ kind, metadata }) => kind === 'ConfigMap' && metadata.name.startsWith('amun-'),
    )!;
    const services = manifests
      .filter(({ kind }) => kind === 'Service')
      .map(({ metadata, spec }) => `${metadata.name}:${spec?.ports?.[0]?.port ?? ''}`);
    const targets = data!['AMUN_FUNCTIONS']!.split(',').map((entry) => entry.split('=http://'));
    expect(targets.map(([name]) => name).sort()).toEqual(readdirSync('functions').sort());
    const allowed = data!['AMUN_ALLOWED_HOSTS']!.split(',');
    for (const [name, target] of targets) {
      expect(services).toContain(target);
      expect(target).toBe(`${name!}:8081`);
      expect(allowed).toContain(name);
    }
    expect(allowed).toContain('gateway');
    expect(`http://${services.find((each) => each.startsWith('gateway'))!}`).toBe(
      data!['AMUN_GATEWAY_URL'],
    );
  });

  it('agrees with stack.yml about topics, accounts and tokens on OpenFaaS', () => {
    const manifests = render('deploy/openfaas');
    const names = (kind: string): string[] =>
      manifests
        .filter((each) => each.kind === kind && each.metadata.namespace === 'openfaas-fn')
        .map(({ metadata }) => metadata.name);
    const { functions } = parse(readFileSync('stack.yml', 'utf8')) as {
      functions: Record<string, { annotations: Record<string, string>; secrets: string[] }>;
    };
    const topics: string[] = [];
    for (const [name, { annotations, secrets }] of Object.entries(functions)) {
      expect(secrets).toEqual(['amun-nats-token', `amun-${name}-token`]);
      expect(names('Secret')).toContain(`amun-${name}-token`);
      const account = annotations['com.openfaas.serviceaccount'];
      expect(names('ServiceAccount')).toContain(account);
      if (annotations['topic'] !== undefined) topics.push(`${name}=${annotations['topic']}`);
    }
    const settings = manifests.find(
      ({ kind, metadata }) => kind === 'ConfigMap' && metadata.name.startsWith('amun-'),
    );
    expect(settings?.data?.['AMUN_TOPICS']).toBe(topics.join(','));
  });
});

function isWithin(ranges: readonly string[], address: string): boolean {
  const list = new BlockList();
  const family = isIPv6(address) ? 'ipv6' : 'ipv4';
  for (const range of ranges) {
    const [start = '', prefix] = range.split('/');
    list.addSubnet(start, Number(prefix), family);
  }
  return list.check(address, family);
}
