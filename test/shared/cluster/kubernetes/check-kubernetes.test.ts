import { checkKubernetes } from '../../../../shared/cluster/kubernetes/check-kubernetes.js';
import { AmunError } from '../../../../shared/errors/amun-error.js';
import type { ErrorCode } from '../../../../shared/errors/catalogue.js';
import { createFakeApiServer, type FakeApiServer, type FakeObject } from './fake-api-server.js';

const NAMESPACE = '/api/v1/namespaces/amun';

let api: FakeApiServer;
beforeEach(() => {
  api = createFakeApiServer();
  const metadata = { name: 'version' };
  api.objects.set('/version', { metadata, gitVersion: 'v1.33.0' } as FakeObject);
  api.objects.set(NAMESPACE, { metadata: { name: 'amun' } });
});

const check = () => checkKubernetes(api, 'amun');
const refuse = (wanted: string, code: ErrorCode) => {
  api.before = ({ path }) => {
    if (path === wanted) throw new AmunError(code, 'It said so.');
  };
};

describe('the check of a Kubernetes', () => {
  it('says which one it is', async () => {
    expect(await check()).toEqual({
      description: 'Kubernetes v1.33.0 at https://fake.example.com, namespace amun',
      ready: true,
    });
  });

  it('says how to make a namespace that is not there', async () => {
    api.objects.delete(NAMESPACE);
    const { ready, problem } = await check();
    expect(ready).toBe(false);
    expect(problem).toMatch(/no such namespace; .* kubectl create namespace amun$/);
  });

  it('takes it as there where it may not look', async () => {
    refuse(NAMESPACE, 'Forbidden');
    expect(await check()).toMatchObject({ ready: true });
  });

  it('says which right it lacks', async () => {
    refuse(`${NAMESPACE}/pods`, 'Forbidden');
    const { ready, problem } = await check();
    expect(ready).toBe(false);
    expect(problem).toMatch(/^It said so\. Allow it, .* --namespace amun$/);
  });

  it('says that a server does not answer', async () => {
    refuse(NAMESPACE, 'Unavailable');
    expect(await check()).toMatchObject({ ready: false, problem: 'It said so.' });
  });
});
