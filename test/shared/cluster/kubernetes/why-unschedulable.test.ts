import { BUILDER_MEMORY_BYTES } from '../../../../shared/cluster/kubernetes/manifests/builder-memory.js';
import { parseNode } from '../../../../shared/cluster/kubernetes/observe/parse-node.js';
import { whyUnschedulable } from '../../../../shared/cluster/kubernetes/why-unschedulable.js';
import type { Placement } from '../../../../shared/cluster/kubernetes/options.js';
import type { Hardware } from '../../../../shared/inspection/specification.js';

const ANYWHERE: Placement = { nodeSelector: {}, tolerations: [], annotations: {} };

interface NodeFields {
  readonly labels?: Record<string, string>;
  readonly allocatable?: Record<string, string>;
  readonly taints?: object[];
}

function node({ labels = {}, allocatable = {}, taints = [] }: NodeFields = {}) {
  const room = { cpu: '3800m', memory: '15Gi', pods: '110', ...allocatable };
  return parseNode({ metadata: { labels }, spec: { taints }, status: { allocatable: room } });
}

function why(
  hardware: Hardware,
  nodes: NodeFields[],
  { cpu = '1', memory = '1Gi', placement = ANYWHERE } = {},
): string | undefined {
  return whyUnschedulable({ cpu, memory, hardware }, placement, nodes.map(node));
}

const NFD = 'feature.node.kubernetes.io/cpu-model';

describe('whyUnschedulable', () => {
  it('says nothing where a node would do, however busy', () => {
    expect(why({}, [{}])).toBeUndefined();
    expect(why({}, [{}], { cpu: '3.8', memory: '15Gi' })).toBeUndefined();
  });

  it.each([
    [{ cpu: '4' }, /cpu 4; the largest has 3.8/],
    [{ memory: '60Ti' }, /60Ti of memory; the largest has 15.0Gi/],
  ])('says how much the largest has: %o', (asked, words) => {
    expect(why({}, [{}, { allocatable: { cpu: '1', memory: '1Gi' } }], asked)).toMatch(words);
  });

  it('counts what a builder takes itself', () => {
    const requests = { cpu: '1', memory: '14.9Gi', hardware: {} };
    const explain = (extra: number) => whyUnschedulable(requests, ANYWHERE, [node()], extra);
    expect(explain(0)).toBeUndefined();
    expect(explain(BUILDER_MEMORY_BYTES)).toMatch(/14\.9Gi of memory beside the builder's own/);
  });

  it('wants all of it on one node', () => {
    const nodes = [
      { allocatable: { cpu: '16', memory: '8Gi' } },
      { allocatable: { cpu: '2', memory: '64Gi' } },
    ];
    expect(why({}, nodes, { cpu: '8', memory: '32Gi' })).toMatch(/32Gi.*largest has 8.0Gi/);
  });

  it.each<[Hardware, Record<string, string>]>([
    [{ cpu_family: 6 }, { CPU_FAMILY: '6' }],
    [{ cpu_family: 6 }, { [`${NFD}.family`]: '6' }],
    [{ cpu_model: 85 }, { [`${NFD}.id`]: '85' }],
    [{ physical_cpus: 2 }, { PHYSICAL_CPUS: '2' }],
    [{ processor: 'GenuineIntel' }, { processor: 'GenuineIntel' }],
    [{ processor: 'GenuineIntel' }, { [`${NFD}.vendor_id`]: 'Intel' }],
    [{ processor: 'Intel(R) Xeon(R)' }, { processor: 'Intel_R__Xeon_R' }],
  ])('knows %o by %o', (hardware, labels) => {
    expect(why(hardware, [{}, { labels }])).toBeUndefined();
    expect(why(hardware, [{}])).toMatch(/no node says its/);
  });

  it('says what the nodes have instead', () => {
    const labels = (family: string) => ({ labels: { CPU_FAMILY: family } });
    expect(why({ cpu_family: 23 }, [labels('6'), labels('25'), labels('6')])).toBe(
      'No node has cpu_family 23; the nodes have 25, 6.',
    );
    const many = Array.from({ length: 30 }, (_, index) => labels(`${index + 100}`));
    expect(why({ cpu_family: 23 }, many)).toMatch(/109 and 20 more\.$/);
  });

  it('knows that pods do not take labels of both kinds together', () => {
    const hardware = { cpu_family: 6, cpu_model: 85 };
    const mixed = { labels: { CPU_FAMILY: '6', [`${NFD}.id`]: '85' } };
    expect(why(hardware, [mixed])).toMatch(/labels of one kind/);
    const own = { labels: { CPU_FAMILY: '6', CPU_MODEL: '85' } };
    const discovered = { labels: { [`${NFD}.family`]: '6', [`${NFD}.id`]: '85' } };
    expect(why(hardware, [mixed, own])).toBeUndefined();
    expect(why(hardware, [mixed, discovered])).toBeUndefined();
  });

  it('counts GPUs', () => {
    const allocatable = { 'nvidia.com/gpu': '1' };
    expect(why({ gpu: 1 }, [{}, { allocatable }])).toBeUndefined();
    expect(why({ gpu: 2 }, [{}, { allocatable }])).toMatch(/2 GPUs; the largest has 1/);
  });

  describe('taints and selectors', () => {
    const taint = (key: string, effect: string, value?: string) => ({
      taints: [{ key, effect, ...(value === undefined ? {} : { value }) }],
    });
    const tolerate = (...tolerations: Placement['tolerations'][number][]) => ({
      placement: { ...ANYWHERE, tolerations },
    });

    it('keep pods away', () => {
      expect(why({}, [taint('gpu', 'NoSchedule')])).toMatch(/None of the cluster's 1 nodes/);
      expect(why({}, [taint('gpu', 'NoExecute')])).toBeDefined();
      expect(why({}, [taint('gpu', 'PreferNoSchedule')])).toBeUndefined();
    });

    it('pass with a node’s illness', () => {
      expect(why({}, [taint('node.kubernetes.io/unreachable', 'NoExecute')])).toBeUndefined();
      expect(why({}, [taint('node.kubernetes.io/unschedulable', 'NoSchedule')])).toBeUndefined();
    });

    it('are tolerated by key, value and effect', () => {
      const nodes = [taint('gpu', 'NoSchedule', 'a100')];
      expect(why({}, nodes, tolerate({ key: 'gpu' }))).toBeUndefined();
      expect(why({}, nodes, tolerate({ key: 'gpu', value: 'a100' }))).toBeUndefined();
      expect(why({}, nodes, tolerate({ key: 'gpu', effect: 'NoSchedule' }))).toBeUndefined();
      expect(why({}, nodes, tolerate({ key: 'gpu', value: 'h100' }))).toBeDefined();
      expect(why({}, nodes, tolerate({ key: 'gpu', effect: 'NoExecute' }))).toBeDefined();
    });

    it('are put up with in a queue of Kueue, which adds the tolerations of its flavors', () => {
      const placement = { ...ANYWHERE, queue: 'team-a' };
      expect(why({}, [taint('gpu', 'NoSchedule')], { placement })).toBeUndefined();
      expect(why({ gpu: 1 }, [taint('gpu', 'NoSchedule')], { placement })).toMatch(/1 GPUs/);
    });

    it('choose nodes, whose hardware alone counts', () => {
      const placement = { ...ANYWHERE, nodeSelector: { pool: 'runs' } };
      const nodes = [
        { labels: { pool: 'runs' } },
        { labels: { pool: 'other' }, allocatable: { cpu: '64' } },
      ];
      expect(why({}, nodes, { placement })).toBeUndefined();
      expect(why({}, nodes, { placement, cpu: '8' })).toMatch(/largest has 3.8/);
      expect(why({}, [], { placement })).toMatch(/None of the cluster's 0 nodes/);
    });
  });
});
