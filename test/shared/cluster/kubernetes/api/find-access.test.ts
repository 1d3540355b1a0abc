import { findAccess } from '../../../../../shared/cluster/kubernetes/api/find-access.js';
import { loadKubernetesEnvironment } from '../../../../../shared/config/kubernetes-environment.js';

test('KUBECONFIG names files; without it kubectl’s default is looked for', () => {
  expect(loadKubernetesEnvironment({ KUBECONFIG: '/a:/b:' }).kubeconfig).toEqual(['/a', '/b']);
  const without = loadKubernetesEnvironment({ KUBECONFIG: '' });
  expect(without.kubeconfig).toBeUndefined();
  expect(without.defaultKubeconfig).toMatch(/\.kube.config$/);
  expect(without.service).toBeUndefined();
});

test('KUBECONFIG comes before the pod that this may run in', async () => {
  const environment = {
    kubeconfig: ['/nowhere/config'],
    defaultKubeconfig: '/nowhere/default',
    service: { host: '10.0.0.1', port: '443' },
  };
  await expect(findAccess(environment, undefined)).rejects.toMatchObject({
    code: 'InvalidRequest',
    message: expect.stringContaining('/nowhere/config') as string,
  });
});
