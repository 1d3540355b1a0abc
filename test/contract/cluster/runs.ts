import {
  freshId,
  jobEnd,
  jobRequest,
  logOf,
  run,
  saysInLog,
  type TestCluster,
} from './test-cluster.js';

const EAT_MEMORY = 'dd if=/dev/zero of=/dev/null bs=200000000 count=1';

/** What runs must do on every cluster. `image` was built on the cluster itself. */
export function describeRuns(open: () => TestCluster, image: () => string): void {
  it('gives a run its files, variables, user, home and hardware description', async () => {
    const { cluster } = open();
    const script = 'id -u; pwd; echo "$HOME"; echo "$TRICKY"; cat hwinfo/info.json';
    const request = jobRequest(image(), script, {
      init: ['/bin/sh', '-c', 'echo from init; echo "it\'s hardware" >/home/amun/hwinfo/info.json'],
      environment: [{ name: 'TRICKY', value: 'a "b" \'c\' $d\n`e` \\f' }],
    });
    const seen = await run(cluster, request);
    expect(seen).toMatchObject({ state: 'terminated', runs: [{ item: 0, exitCode: 0 }] });
    expect(seen.reason).toBeUndefined();
    expect(Date.parse(seen.finishedAt!)).toBeGreaterThanOrEqual(Date.parse(seen.startedAt!));
    expect(await logOf(cluster, request.id)).toBe(
      "1042\n/home/amun\n/home/amun\na \"b\" 'c' $d\n`e` \\f\nit's hardware\n",
    );
  });

  it('starts the command whatever becomes of the init step', async () => {
    const { cluster } = open();
    const request = jobRequest(image(), 'echo reached', { init: ['/bin/sh', '-c', 'exit 9'] });
    expect((await run(cluster, request)).runs[0]).toMatchObject({ exitCode: 0 });
    expect(await logOf(cluster, request.id)).toBe('reached\n');
  });

  it('lets a run change nothing of what is mounted, and gives it no powers', async () => {
    const { cluster } = open();
    const script = 'echo x >/amun/script.sh; grep -E "^Cap(Eff|Bnd)|^NoNewPrivs" /proc/self/status';
    const request = jobRequest(image(), `${script} 2>/dev/null`);
    await run(cluster, request);
    const log = await logOf(cluster, request.id);
    expect(log).toMatch(/CapEff:\s+0{16}\n/);
    expect(log).toMatch(/NoNewPrivs:\s+1\n/);
    expect(log).toMatch(/Read-only|denied/);
  });

  it('tells a script that fails by its exit code', async () => {
    const { cluster } = open();
    const seen = await run(cluster, jobRequest(image(), 'exit 3'));
    expect(seen.runs[0]).toMatchObject({ exitCode: 3, reason: 'ScriptFailed' });
  });

  it('tells want of memory from failure, also where only a child was killed for it', async () => {
    const { cluster } = open();
    const itself = run(cluster, jobRequest(image(), `exec ${EAT_MEMORY}`));
    const child = run(cluster, jobRequest(image(), `${EAT_MEMORY} || exit 1`));
    expect((await itself).runs[0]).toMatchObject({ reason: 'OutOfMemory' });
    expect((await child).runs[0]).toMatchObject({ exitCode: 1, reason: 'OutOfMemory' });
  });

  it('takes a run that kills itself for one that failed, not for a disruption', async () => {
    const { cluster } = open();
    const request = jobRequest(image(), "echo once; sh -c 'kill -9 $$'; exit $?");
    expect((await run(cluster, request)).runs[0]).toMatchObject({
      exitCode: 137,
      reason: 'ScriptFailed',
    });
    // The shell's own word of it is on the other stream, which has no order with this one.
    expect(await logOf(cluster, request.id)).toMatch(/^once\n/m);
  });

  it('ends a run at its deadline, and lets it say goodbye', async () => {
    const { cluster } = open();
    // It must have reached its trap by then.
    const script = 'trap "echo goodbye; exit 143" TERM; sleep 300 & wait';
    const request = jobRequest(image(), script, { timeoutSeconds: 30 });
    const seen = await run(cluster, request);
    expect(seen.runs[0]).toMatchObject({ exitCode: 143, reason: 'DeadlineExceeded' });
    expect(await logOf(cluster, request.id)).toBe('goodbye\n');
  });

  it('cancels what runs and what waits', async () => {
    const { cluster } = open();
    const script = 'trap "exit 143" TERM; echo started; sleep 300 & wait';
    const request = jobRequest(image(), script, { batchSize: 12 });
    await cluster.ensureJob(request);
    await saysInLog(cluster, request.id, 'started');
    await cluster.cancel({ kind: 'job', id: request.id });
    const seen = await jobEnd(cluster, request.id);
    expect(seen.runs.map(({ reason }) => reason)).toEqual(Array(12).fill('Cancelled'));
    expect(seen.reason).toBe('Cancelled');
  });

  it('runs a batch, each item on its own', async () => {
    const { cluster } = open();
    const request = jobRequest(image(), 'hostname; echo out; echo err >&2', { batchSize: 5 });
    const seen = await run(cluster, request);
    expect(seen.runs.map(({ item, exitCode }) => [item, exitCode])).toEqual(
      [0, 1, 2, 3, 4].map((item) => [item, 0]),
    );
    const logs = await Promise.all(seen.runs.map(({ item }) => logOf(cluster, request.id, item)));
    expect(new Set(logs).size).toBe(5);
    // Two streams have no order between them.
    for (const log of logs) expect(log.split('\n')).toEqual(expect.arrayContaining(['out', 'err']));
  });

  it('takes the same request twice for one', async () => {
    const { cluster } = open();
    const request = jobRequest(image(), 'echo once');
    const first = await run(cluster, request);
    expect(await run(cluster, request)).toEqual(first);
  });

  it('says where the image is gone', async () => {
    const { cluster } = open();
    const seen = await run(cluster, jobRequest(`sha256:${'0'.repeat(64)}`, 'exit 0'));
    expect(seen.runs[0]).toMatchObject({ state: 'terminated', reason: 'ImageNotFound' });
  });

  it('never waits for hardware that there is not', async () => {
    const { cluster } = open();
    const requests = { cpu: '1', memory: '64Mi', hardware: { cpu_family: 9999 } };
    const seen = await run(cluster, jobRequest(image(), 'exit 0', { requests, batchSize: 2 }));
    expect(seen.runs.map(({ reason }) => reason)).toEqual(['Unschedulable', 'Unschedulable']);
    expect(seen.message).toContain('9999');
    expect(await cluster.whyUnschedulable('job', requests)).toContain('9999');
    expect(await cluster.whyUnschedulable('job', { ...requests, hardware: {} })).toBeUndefined();
  });

  it('knows nothing of others', async () => {
    const { cluster } = open();
    expect(await cluster.observeJob(freshId('job'))).toBeUndefined();
    await cluster.cancel({ kind: 'job', id: freshId('job') });
  });
}
