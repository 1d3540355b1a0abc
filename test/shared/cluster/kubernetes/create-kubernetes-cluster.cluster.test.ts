import { describeCluster } from '../../../contract/cluster-contract.js';
import type { TestCluster } from '../../../contract/cluster/test-cluster.js';
import { requireNodeCluster, startNodeCluster } from './node-cluster.js';

async function open(): Promise<TestCluster> {
  const started = await startNodeCluster();
  const { cluster, baseImage } = started;
  const stop = () => started.stop();
  return { cluster, baseImage, rotatesLogs: true, logsByLine: true, stop };
}

describeCluster('kubernetes cluster', open, requireNodeCluster());
