import { describeCluster } from '../../../contract/cluster-contract.js';
import { startLocalCluster } from './start-local-cluster.js';

describeCluster('local cluster', startLocalCluster);
