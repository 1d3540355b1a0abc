import { describeCluster } from '../../../contract/cluster-contract.js';
import type { TestCluster } from '../../../contract/cluster/test-cluster.js';
import { requireNodeCluster, startNodeCluster } from '../kubernetes/node-cluster.js';
import { openOpenShift } from './openshift-cluster.js';

async function open(): Promise<TestCluster> {
  const node = await startNodeCluster();
  try {
    const opened = await openOpenShift(node.realkube, {
      registry: node.registry,
    });
    return {
      cluster: opened.cluster,
      baseImage: node.baseImage,
      rotatesLogs: true,
      logsByLine: true,
      async stop() {
        await opened.stop();
        await node.stop();
        expect(opened.openshift.controllers.failures).toEqual([]);
      },
    };
  } catch (error) {
    await node.stop();
    throw error;
  }
}

describeCluster('openshift cluster', open, requireNodeCluster());
