import { Nodes } from '../../../../shared/cluster/kubernetes/nodes.js';
import { chooseNodeLabels } from '../../../../shared/cluster/openshift/choose-nodes.js';
import { AmunError } from '../../../../shared/errors/amun-error.js';
import { createFakeApiServer } from '../kubernetes/fake-api-server.js';

const DISCOVERED = 'feature.node.kubernetes.io/cpu-model';

/** Nodes with these labels each; undefined: nobody may look. */
function nodesWith(labels: readonly Record<string, string>[] | undefined): Nodes {
  const api = createFakeApiServer();
  if (labels === undefined) {
    api.before = () => {
      throw new AmunError('Forbidden', 'nodes are none of your business');
    };
  }
  labels?.forEach((one, index) => {
    const name = `node-${index}`;
    api.objects.set(`/api/v1/nodes/${name}`, { metadata: { name, labels: one } });
  });
  return new Nodes(api);
}

describe('the labels of a node for a build', () => {
  const hardware = { cpu_family: 6, processor: 'GenuineIntel' };
  const own = { CPU_FAMILY: '6', processor: 'GenuineIntel' };
  const discovered = { [`${DISCOVERED}.family`]: '6', [`${DISCOVERED}.vendor_id`]: 'Intel' };

  it('are none where no hardware is asked for, and nobody is asked', async () => {
    expect(await chooseNodeLabels(nodesWith(undefined), {})).toEqual({});
  });

  it.each([
    ["the operator's own, where a node has them", [own, discovered], own],
    ['those of Node Feature Discovery, where only those are there', [{}, discovered], discovered],
    ["the operator's own where no node has either", [{ CPU_FAMILY: '5' }], own],
    ["the operator's own where nobody may look", undefined, own],
  ])('are %s', async (_, there, expected) => {
    expect(await chooseNodeLabels(nodesWith(there), hardware)).toEqual(expected);
  });
});
