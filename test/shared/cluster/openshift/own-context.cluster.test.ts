import { createBuildContext } from '../../../../shared/dockerfile/create-build-context.js';
import { parseSpecification } from '../../../../shared/inspection/parse-specification.js';
import {
  build,
  buildRequest,
  bytesOf,
  jobRequest,
  logOf,
  run,
} from '../../../contract/cluster/test-cluster.js';
import {
  requireNodeCluster,
  startNodeCluster,
  type NodeCluster,
} from '../kubernetes/node-cluster.js';
import { openOpenShift, type OpenShiftCluster } from './openshift-cluster.js';

/** Longer than any other test has the node. */
const OPEN_MS = 15 * 60_000;
const TEST_MS = 600_000;

requireNodeCluster()('what OpenShift makes of a context', () => {
  let node: NodeCluster;
  let opened: OpenShiftCluster;

  beforeAll(async () => {
    node = await startNodeCluster();
    opened = await openOpenShift(node.realkube, { registry: node.registry });
  }, OPEN_MS);
  afterAll(async () => {
    await opened.stop();
    await node.stop();
  }, 240_000);

  it(
    'has files that only root may read, in folders too',
    async () => {
      const request = buildRequest(node.baseImage, [
        'COPY one /one',
        'COPY a/b/two /two',
        'RUN ls -ln /one /two && cat /one /two',
      ]);
      const files = [
        ...request.context.files,
        { path: 'one', content: 'first\n', mode: 0o755 },
        { path: 'a/b/two', content: 'second\n', mode: 0o644 },
      ];
      const seen = await build(opened.cluster, { ...request, context: { files } });
      expect(seen).toMatchObject({ exitCode: 0 });
      const log = (await bytesOf(opened.cluster.logs({ build: request.id }))).toString();
      expect(log).toMatch(/-rw-------\s+1\s+0\s+0\s+6 .* \/one/);
      expect(log).toMatch(/-rw-------\s+1\s+0\s+0\s+7 .* \/two/);
      expect(log).toMatch(/first\n[^\n]*second/);
    },
    TEST_MS,
  );

  it(
    'is enough for our own, whose runs find their files as anybody may read them',
    async () => {
      const path = '/srv/greeting';
      const specification = parseSpecification({
        base: node.baseImage,
        files: [{ path, content: 'from a file\n' }],
      });
      const context = createBuildContext(specification);
      const { image } = await build(opened.cluster, {
        ...buildRequest(node.baseImage, []),
        context,
      });
      const job = jobRequest(image!, `cat ${path}; echo "$HOME"; ls -ld /home/amun | cut -c1-10`);
      await run(opened.cluster, job);
      expect(await logOf(opened.cluster, job.id)).toBe('from a file\n/home/amun\ndrwxrwxr-x\n');
    },
    TEST_MS,
  );
});
