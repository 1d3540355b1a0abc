import { createHash } from 'node:crypto';
import { mkdtempSync } from 'node:fs';
import { chmod, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { jest } from '@jest/globals';
import { requireTools } from '../../require-tools.js';
import { makeRootFolders, type RootFolder } from './root-folders.js';
import { Containers, type ContainerRun } from './run-container.js';

jest.setTimeout(900_000);

const describeReal = requireTools(['podman', 'busybox', 'bash', 'ldd']);
const folder = mkdtempSync(path.join(tmpdir(), 'amun-fetch-'));
const SCRIPT = '#!/bin/sh\necho fetched; exit 4\n';
let containers: Containers;
let roots: readonly RootFolder[];
let server: Server;
let address: string;

beforeAll(async () => {
  await chmod(folder, 0o755);
  containers = await Containers.start(folder);
  roots = await makeRootFolders(path.join(folder, 'roots'));
  server = createServer((request, response) => {
    const place = request.url ?? '';
    if (place === '/script') response.end(SCRIPT);
    else if (place === '/moved') response.writeHead(302, { location: '/script' }).end();
    else if (place === '/round') response.writeHead(302, { location: '/round' }).end();
    else if (place === '/file')
      response.writeHead(302, { location: 'file:///etc/os-release' }).end();
    else if (place === '/empty') response.end();
    else if (place === '/large') response.end('x'.repeat(200_000));
    else if (place === '/endless') response.write('#'.repeat(1000));
    else if (place === '/silent') return;
    else response.writeHead(404).end('nothing here');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterAll(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  await rm(folder, { recursive: true, force: true });
});

async function fetchEverywhere(
  url: string,
  check: (run: ContainerRun, root: RootFolder) => void,
  more: Record<string, string> = {},
): Promise<void> {
  for (const root of roots.filter(({ fetches }) => fetches !== undefined)) {
    // A root is kept between runs: its /home/amun must not be.
    const options = { network: 'host', environment: { AMUN_SCRIPT_URL: url, ...more } };
    const run = await containers.run(root.folder, undefined, options);
    try {
      check(run, root);
    } catch (error) {
      throw new Error(`with ${String(root.fetches)}: ${String(error)}`, { cause: error });
    }
  }
}

describeReal('a script that is given by its URL', () => {
  it.each(['/script', '/moved'])('is fetched and run: %s', async (place) => {
    await fetchEverywhere(address + place, (run) => {
      expect(run.stdout.toString()).toBe('fetched\n');
      expect(run.exitCode).toBe(4);
      expect(run.report).toMatchObject({
        exit_code: 4,
        fetch_error: null,
        script_sha256: createHash('sha256').update(SCRIPT).digest('hex'),
      });
    });
  });

  it.each<[string, RegExp]>([
    ['/missing', /404/],
    ['/round', /redirect/i],
    ['/file', /./],
    ['/empty', /empty/],
  ])('is reported where it cannot be had: %s', async (place, words) => {
    await fetchEverywhere(address + place, (run) => {
      expect(run.exitCode).toBe(1);
      expect(run.report.exit_code).toBe(1);
      expect(run.report['fetch_error']).toMatch(words);
      expect(run.stderr.toString()).toMatch(/^amun: the script could not be fetched: /);
      expect(run.stdout.toString()).toBe('');
    });
  });

  it('is bounded in size', async () => {
    const check = (run: ContainerRun): void => {
      expect(run.report['fetch_error']).toEqual(
        expect.stringMatching(/larger than|maximum file size|exceeded|File too large/i),
      );
    };
    await fetchEverywhere(`${address}/large`, check, { AMUN_FETCH_LIMIT: '100000' });
  });

  it.each(['/endless', '/silent'])('is bounded in time: %s', async (place) => {
    const check = (run: ContainerRun): void => {
      expect(run.report['fetch_error']).toEqual(
        expect.stringMatching(/longer than|timed out|time-?out/i),
      );
    };
    await fetchEverywhere(address + place, check, { AMUN_FETCH_TIMEOUT: '2' });
  });

  it.each([
    ['file:///etc/os-release', /http/],
    ['-o/tmp/x', /http/],
    ['http://127.0.0.1:1/', /./],
  ])('is refused: %s', async (url, words) => {
    await fetchEverywhere(url, (run) => {
      expect(run.exitCode).toBe(1);
      expect(run.report['fetch_error']).toMatch(words);
    });
  });

  it('can be stopped while it is fetched', async () => {
    const root = roots.find(({ fetches }) => fetches === 'wget')!;
    const run = await containers.run(root.folder, undefined, {
      network: 'host',
      environment: { AMUN_SCRIPT_URL: `${address}/silent` },
      whenStarted: (signal) => signal('TERM'),
    });
    expect(run.exitCode).toBe(143);
    expect(run.report).toMatchObject({ exit_code: 143, stopped: true });
  });

  it('needs something in the image to fetch it with', async () => {
    const root = roots.find(({ fetches }) => fetches === undefined)!;
    const run = await containers.run(root.folder, undefined, {
      environment: { AMUN_SCRIPT_URL: 'http://127.0.0.1:1/' },
    });
    expect(run.report['fetch_error']).toMatch(/none of curl, wget and python3/);
  });
});
