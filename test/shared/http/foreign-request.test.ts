import { whyForeign } from '../../../shared/http/foreign-request.js';

const ALLOWED = ['amun.example', 'other.example:8080'];

describe('whyForeign', () => {
  it.each([
    { host: '127.0.0.1' },
    { host: '127.0.0.1:8080' },
    { host: 'localhost:8080' },
    { host: 'LOCALHOST' },
    { host: '[::1]:8080' },
    { host: 'amun.example' },
    { host: 'Amun.Example:1234' },
    { host: 'other.example:8080' },
    { host: '127.0.0.1:8080', origin: 'http://127.0.0.1:8080' },
    { host: '127.0.0.1:8080', origin: 'https://amun.example' },
  ])('welcomes %j', (headers) => {
    expect(whyForeign({ url: '/api/v1', headers }, ALLOWED)).toBeUndefined();
  });

  it.each([
    [{}, /Host ""/],
    [{ host: '' }, /Host ""/],
    [{ host: 'rebound.example:8080' }, /AMUN_ALLOWED_HOSTS/],
    [{ host: '127.0.0.1.rebound.example' }, /is not served here/],
    [{ host: 'other.example' }, /is not served here/],
    [{ host: 'other.example:9090' }, /is not served here/],
    [{ host: '127.0.0.1:8080', origin: 'null' }, /pages of "null"/],
    [{ host: '127.0.0.1:8080', origin: '' }, /pages of ""/],
    [{ host: '127.0.0.1:8080', origin: 'http://127.0.0.1:3000' }, /are refused/],
    [{ host: '127.0.0.1:8080', origin: 'http://localhost:8080' }, /are refused/],
    [{ host: '127.0.0.1:8080', origin: 'file://127.0.0.1:8080' }, /are refused/],
    [{ host: '127.0.0.1:8080', origin: 'https://page.example' }, /are refused/],
  ])('refuses %j', (headers, why) => {
    expect(whyForeign({ url: '/api/v1', headers }, ALLOWED)).toMatch(why);
  });

  it.each([
    ['/healthz', { host: '10.123.0.7:8081' }],
    ['/liveness', { host: '10.123.0.7' }],
    ['/_/health', { host: '[fd00::7]:8081' }],
    ['/metrics', { host: '192.0.2.1:8081' }],
  ])('welcomes probes of %s by address, as of a kubelet: %j', (url, headers) => {
    expect(whyForeign({ url, headers }, [])).toBeUndefined();
  });

  it.each([
    ['/', { host: '10.123.0.7:8081' }],
    ['/api/v1/inspect', { host: '10.123.0.7:8080' }],
    ['/healthz/..', { host: '10.123.0.7:8081' }],
    ['/healthz', { host: 'rebound.example' }],
    ['/healthz', { host: '10.123.0.7.rebound.example' }],
    ['/healthz', { host: '[rebound.example]' }],
    ['/healthz', { host: '10.123.0.7', origin: 'https://page.example' }],
    ['/healthz', {}],
  ])('refuses %s for %j', (url, headers) => {
    expect(whyForeign({ url, headers }, [])).toBeDefined();
  });
});
