import {
  bytesOf,
  ENDS_MS,
  freshId,
  jobEnd,
  jobRequest,
  run,
  saysInLog,
  type TestCluster,
} from './test-cluster.js';
import { waitUntil } from '../../wait-until.js';

/** What logs must do on every cluster. */
export function describeLogs(open: () => TestCluster, image: () => string): void {
  it('gives back every byte, NULs, long lines and a last line without an end', async () => {
    const { cluster, logsByLine = false } = open();
    const long = 'x'.repeat(100_000);
    const script = `printf 'a\\0b\\r\\n\\n'; printf '%s\\n' '${long}'; printf '\\377no end'`;
    const request = jobRequest(image(), script);
    await run(cluster, request);
    const expected = Buffer.concat([
      Buffer.from(`a\0b${logsByLine ? '' : '\r'}\n\n${long}\n`),
      Buffer.from([0xff]),
      Buffer.from('no end'),
    ]);
    const log = await bytesOf(cluster.logs({ job: request.id, item: 0 }));
    expect(log.equals(expected)).toBe(true);
    const tail = await bytesOf(cluster.logs({ job: request.id, item: 0 }, { offset: 4 }));
    expect(tail.equals(expected.subarray(4))).toBe(true);
    const beyond = cluster.logs({ job: request.id, item: 0 }, { offset: 10_000_000 });
    expect(await bytesOf(beyond)).toHaveLength(0);
  });

  it('gives back a large log whole', async () => {
    const { cluster, rotatesLogs = false } = open();
    // What a cluster keeps for sure is below the 10 MiB at which it rotates, 40 bytes of its own
    // before each line included.
    const size = rotatesLogs ? 2_500_000 : 24_000_000;
    // It does not end at once: a busy node's runtime drops what it has not read of a container by then.
    const request = jobRequest(image(), `yes 0123456789abcdef | head -c ${size}; sleep 5`);
    await run(cluster, request);
    // And it may say that a run has ended a moment before it has written the last of its log.
    let log: Buffer = Buffer.alloc(0);
    const isWhole = async (): Promise<boolean> => {
      log = await bytesOf(cluster.logs({ job: request.id, item: 0 }));
      return log.length >= size;
    };
    await waitUntil(isWhole, ENDS_MS).catch(() => undefined);
    expect(log).toHaveLength(size);
    expect(log.equals(Buffer.alloc(size, '0123456789abcdef\n'))).toBe(true);
  });

  it('follows a run live, to its end', async () => {
    const { cluster } = open();
    const script = 'echo first; sleep 20; echo last';
    const request = jobRequest(image(), script);
    await cluster.ensureJob(request);
    const pieces: string[] = [];
    let stateAtFirst: string | undefined;
    for await (const piece of cluster.logs({ job: request.id, item: 0 }, { follow: true })) {
      pieces.push(Buffer.from(piece).toString());
      stateAtFirst ??= (await cluster.observeJob(request.id))?.state;
    }
    expect(pieces.join('')).toBe('first\nlast\n');
    expect(stateAtFirst).toBe('running');
    expect((await cluster.observeJob(request.id))?.state).toBe('terminated');
  });

  it('stops to follow at a signal', async () => {
    const { cluster } = open();
    const script = 'trap "exit 143" TERM; echo first; sleep 300 & wait';
    const request = jobRequest(image(), script);
    await cluster.ensureJob(request);
    await saysInLog(cluster, request.id, 'first');
    const controller = new AbortController();
    const { signal } = controller;
    for await (const piece of cluster.logs(
      { job: request.id, item: 0 },
      { follow: true, signal },
    )) {
      expect(Buffer.from(piece).toString()).toBe('first\n');
      controller.abort();
    }
    await cluster.cancel({ kind: 'job', id: request.id });
    await jobEnd(cluster, request.id);
  });

  it('says NotFound for a job or item that does not exist', async () => {
    const { cluster } = open();
    const nobody = { job: freshId('job'), item: 0 };
    await expect(bytesOf(cluster.logs(nobody))).rejects.toMatchObject({ code: 'NotFound' });
    const request = jobRequest(image(), 'exit 0');
    await run(cluster, request);
    await expect(bytesOf(cluster.logs({ job: request.id, item: 1 }))).rejects.toMatchObject({
      code: 'NotFound',
    });
  });
}
