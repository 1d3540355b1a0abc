import type { Credentials } from '../../../../../shared/cluster/kubernetes/api/access.js';
import { CredentialCache } from '../../../../../shared/cluster/kubernetes/api/credential-cache.js';

describe('CredentialCache', () => {
  let now: Credentials;
  let cache: CredentialCache;
  beforeEach(() => {
    now = { headers: { authorization: 'Bearer one' }, tls: {} };
    const read = () => Promise.resolve(now);
    cache = new CredentialCache({ url: 'https://api.example.com', namespace: undefined, read });
  });

  it('keeps its connections as long as TLS settings last', async () => {
    const first = await cache.get();
    now = { ...now, headers: { authorization: 'Bearer two' } };
    const second = await cache.get(first);
    expect(second.headers).toEqual(now.headers);
    expect(second.calls).toBe(first.calls);
    now = { ...now, tls: { rejectUnauthorized: false } };
    expect((await cache.get(second)).calls).not.toBe(first.calls);
  });

  it('fails, each time, for a certificate that cannot be read, and takes the next good one', async () => {
    const first = await cache.get();
    now = { headers: {}, tls: { cert: 'nonsense', key: 'nonsense' } };
    for (let times = 0; times < 2; times += 1) {
      await expect(cache.get(first)).rejects.toThrow('PEM');
    }
    now = { headers: {}, tls: {} };
    expect((await cache.get(first)).headers).toEqual({});
  });
});
