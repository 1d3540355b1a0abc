import { loadConfig } from '../../../shared/config/config.js';
import { loadThothConfig } from '../../../shared/config/thoth-config.js';

describe('loadThothConfig', () => {
  it('allows nobody by default, and trusts no certificate that nobody vouches for', () => {
    expect(loadThothConfig({})).toEqual({ host: undefined, hosts: [], tlsVerify: true });
    expect(loadConfig({}).operator.environment).toEqual({});
  });

  it('reads the default and the others, each once', () => {
    const environment = {
      AMUN_THOTH_HOST: 'Thoth.example',
      AMUN_THOTH_HOSTS: '10.0.0.7:8443, thoth.example',
    };
    expect(loadThothConfig(environment)).toMatchObject({
      host: 'thoth.example',
      hosts: ['thoth.example', '10.0.0.7:8443'],
    });
  });

  it('tells builds where certificates do not count', () => {
    const { operator } = loadConfig({ AMUN_THOTH_TLS_VERIFY: 'false' });
    expect(operator.environment).toEqual({ THOTH_TLS_VERIFY: 'false' });
  });

  it.each([
    [{ AMUN_THOTH_HOST: 'https://thoth.example' }, /AMUN_THOTH_HOST has "https:/],
    [{ AMUN_THOTH_HOST: 'a.example,b.example' }, /names 2 hosts/],
    [{ AMUN_THOTH_HOSTS: 'a.example:99999' }, /AMUN_THOTH_HOSTS has "a.example:99999"/],
    [{ AMUN_THOTH_TLS_VERIFY: 'no' }, /write true or false/],
  ])('refuses %j', (environment, message) => {
    expect(() => loadThothConfig(environment)).toThrow(message);
  });
});
