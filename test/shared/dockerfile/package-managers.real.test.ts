import { jest } from '@jest/globals';
import { ensureBusyboxBase } from '../../base-image.js';
import { requireTools } from '../../require-tools.js';
import { BUILD_TOOLS, ImageBuilder } from './build-image.js';

jest.setTimeout(1_200_000);

/**
 * Stands in for a package manager of which no image can be had here: notes what it was called with.
 * So these tests tell that it is called as its manual says, not that it then does what we hope.
 */
const STUB = `#!/bin/sh
echo "\${0##*/} $*" >>/calls
env | sort >/environment
for argument in "$@"; do
  case $argument in
    broken) echo "No match for argument: broken"; exit 3 ;;
  esac
done
case $* in *install*) cp /etc/pki/tls/certs/ca-bundle.crt /bundle-seen ;; esac
`;

/** The stub, a shell, has an IFS of its own. */
const REPLACED = ['PATH', 'IFS'];

const CA = '-----BEGIN CERTIFICATE-----\noperator-certificate\n-----END CERTIFICATE-----\n';
const PROXY = 'http://user:s3cret@proxy.example.org:3128';
const OPERATOR = {
  caBundle: CA,
  environment: { HTTPS_PROXY: PROXY, PIP_INDEX_URL: 'https://x/y' },
};

requireTools(BUILD_TOOLS)('native packages', () => {
  const builder = new ImageBuilder();
  const bases = new Map<string, string>();
  let busybox = '';

  beforeAll(async () => {
    busybox = await ensureBusyboxBase();
    for (const name of ['apt-get', 'dnf', 'microdnf', 'yum', 'apk']) {
      const lines = [
        `FROM ${busybox}`,
        `COPY --chmod=755 stub /usr/bin/${name}`,
        'COPY --chmod=644 bundle /etc/pki/tls/certs/ca-bundle.crt',
      ];
      bases.set(name, await builder.base(lines, { stub: STUB, bundle: 'image-certificate\n' }));
    }
  });

  afterAll(() => builder.removeAll());

  const APT =
    'apt-get -q -y -o Acquire::Retries=3 -o Acquire::Languages=none -o Dpkg::Use-Pty=0 ' +
    '-o Dpkg::Options::=--force-confdef -o Dpkg::Options::=--force-confold';

  test.each<[string, string[]]>([
    [
      'apt-get',
      [
        `${APT} update`,
        `${APT} upgrade`,
        'apt-get clean',
        `${APT} update`,
        `${APT} install --no-install-recommends jq a+b`,
        'apt-get clean',
      ],
    ],
    [
      'dnf',
      [
        'dnf -y --setopt=install_weak_deps=False upgrade',
        'dnf clean all',
        'dnf -y --setopt=install_weak_deps=False install jq a+b',
        'dnf clean all',
      ],
    ],
    [
      'microdnf',
      [
        'microdnf update -y',
        'microdnf clean all',
        'microdnf install -y jq a+b',
        'microdnf clean all',
      ],
    ],
    [
      'yum',
      [
        'yum -y --setopt=skip_missing_names_on_install=False update',
        'yum clean all',
        'yum -y --setopt=skip_missing_names_on_install=False install jq a+b',
        'yum clean all',
      ],
    ],
    ['apk', ['apk upgrade --no-cache', 'apk add --no-cache jq a+b']],
  ])('%s updates and installs', async (name, calls) => {
    const spec = { base: bases.get(name), update: true, packages: ['jq', 'a+b'] };
    const { image, log } = await builder.buildWell(spec);
    expect(log).toContain(`with ${name}: jq a+b`);
    expect((await builder.run(image, 'cat /calls')).split('\n')).toEqual(calls);
  });

  test.each(['apt-get', 'microdnf'])(
    '%s: what fails is in the log, and fails the build',
    async (name) => {
      const spec = { base: bases.get(name), packages: ['jq', 'broken'] };
      const { exitCode, log } = await builder.build(spec);
      expect(exitCode).not.toBe(0);
      expect(log).toContain('No match for argument: broken');
      expect(log).toContain(`amun: ${name} could not install the packages`);
    },
  );

  test('the user’s variables reach it as they are, PATH beside that of the image', async () => {
    const environment = [
      { name: 'QUOTES', value: `a 'single' and a "double"` },
      {
        name: 'SYNTAX',
        value: '$(touch /hacked) `touch /hacked` ; touch /hacked && $HOME \\ \\n #',
      },
      { name: 'EMPTY', value: '' },
      { name: 'EDGES', value: '  a=b=c\t ' },
      { name: 'PATH', value: '/opt/bin' },
      { name: 'IFS', value: 'a' },
      { name: 'UID', value: '7' },
      { name: 'work', value: '/etc' },
      { name: 'manager', value: 'rm' },
    ];
    const spec = { base: bases.get('apk'), packages: ['jq'], environment };
    const { image } = await builder.buildWell(spec);
    const seen = (await builder.run(image, 'cat /environment')).split('\n');
    for (const { name, value } of environment.filter(({ name }) => !REPLACED.includes(name))) {
      expect(seen).toContain(`${name}=${value}`);
    }
    expect(seen).toContainEqual(expect.stringMatching(/^PATH=\/opt\/bin:.*\/usr\/bin/));
    expect(await builder.run(image, 'ls /hacked /tmp 2>&1; ls -d /etc; env')).not.toMatch(
      /^\/hacked|QUOTES/m,
    );
  });

  test('the operator’s settings reach it, and leave no trace in the image', async () => {
    const spec = { base: bases.get('dnf'), packages: ['jq'] };
    const { image } = await builder.buildWell(spec, { operator: OPERATOR });
    const seen = await builder.run(
      image,
      'cat /calls /environment; rm /environment; env; ls -A /amun /tmp',
    );
    expect(seen).toMatch(/^dnf -y --setopt=sslcacert=\/tmp\/amun\.\w+\/authorities\.pem /);
    for (const name of ['https_proxy', 'HTTPS_PROXY']) expect(seen).toContain(`${name}=${PROXY}`);
    for (const name of ['SSL_CERT_FILE', 'CURL_CA_BUNDLE', 'REQUESTS_CA_BUNDLE', 'PIP_CERT']) {
      expect(seen).toMatch(new RegExp(`^${name}=/tmp/amun\\.\\w+/authorities\\.pem$`, 'm'));
    }
    const traces = await builder.run(
      image,
      'rm -f /environment; grep -rlE "operator-certificate|s3cret" / --exclude-dir=proc --exclude-dir=sys --exclude-dir=dev 2>/dev/null || echo none',
      ['--user=0'],
    );
    expect(traces).toBe('none');
    expect(JSON.stringify(await builder.inspect(image))).not.toMatch(/s3cret|PIP_INDEX_URL/);
  });

  test('microdnf sees the operator’s certificates while it runs; then the bundle is as it was', async () => {
    const spec = { base: bases.get('microdnf'), packages: ['jq'] };
    const { image } = await builder.buildWell(spec, { operator: OPERATOR });
    const asRoot = ['--user=0'];
    expect(await builder.run(image, 'cat /bundle-seen', asRoot)).toBe(
      `image-certificate\n${CA.trim()}`,
    );
    const bundle = await builder.run(image, 'cat /etc/pki/tls/certs/ca-bundle.crt', asRoot);
    expect(bundle).toBe('image-certificate');
  });

  test('an image without a package manager has nothing to update, and cannot install', async () => {
    const update = await builder.build({ base: busybox, update: true });
    expect(update.exitCode).toBe(0);
    expect(update.log).toContain('there is nothing to update');
    const install = await builder.build({ base: busybox, packages: ['jq'] });
    expect(install.exitCode).not.toBe(0);
    expect(install.log).toContain(
      'amun: this image has none of apt-get, dnf, microdnf, yum and apk to install packages with (jq)',
    );
    const python = await builder.build({ base: busybox, python_packages: ['six'] });
    expect(python.exitCode).not.toBe(0);
    expect(python.log).toContain('amun: Python packages need Python 3; choose a base that has it');
  });
});
