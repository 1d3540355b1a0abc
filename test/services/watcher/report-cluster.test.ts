import { reportCluster } from '../../../services/watcher/report-cluster.js';
import type { ClusterHealth } from '../../../shared/cluster/port.js';
import type { Ports } from '../../../shared/lifecycle/ports.js';

async function said(health: ClusterHealth): Promise<unknown[]> {
  const lines: unknown[] = [];
  const line = (level: string) => (fields: object, text: string) =>
    lines.push({ level, text, ...fields });
  const log = { info: line('info'), error: line('error') };
  const ports = { cluster: { check: () => Promise.resolve(health) }, log };
  await reportCluster(ports as unknown as Ports);
  return lines;
}

describe('reportCluster', () => {
  it('says what is missing, as an error', async () => {
    const problem = 'Namespace amun has no LocalQueue team-a.';
    expect(await said({ description: 'Kubernetes v1', ready: false, problem })).toEqual([
      { level: 'error', text: 'the cluster is not ready', cluster: 'Kubernetes v1', problem },
    ]);
  });

  it('says what it watches', async () => {
    expect(await said({ description: 'Kubernetes v1', ready: true })).toEqual([
      { level: 'info', text: 'the cluster is ready', cluster: 'Kubernetes v1' },
    ]);
  });
});
