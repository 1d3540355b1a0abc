import { tmpdir } from 'node:os';
import { openGateway, type OpenGateway } from './open-gateway.js';

let gateway: OpenGateway;
beforeAll(async () => {
  gateway = await openGateway();
});
afterAll(() => gateway.close());

describe('/api/v1/ui', () => {
  it('loads nothing from elsewhere, and all that it loads is there', async () => {
    const { text, headers } = await gateway.call('/api/v1/ui');
    expect(headers['content-type']).toBe('text/html; charset=utf-8');
    const places = [...text.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, place]) => place!);
    const parts = places.filter((place) => !place.startsWith('data:'));
    expect(parts).toHaveLength(3);
    for (const part of parts) {
      expect(part).toMatch(/^\/api\/v1\/ui\//);
      const { status, headers: given } = await gateway.call(part);
      expect([part, status]).toEqual([part, 200]);
      expect(given['content-type']).toMatch(/^text\/(javascript|css); charset=utf-8$/);
      expect(given['x-content-type-options']).toBe('nosniff');
    }
  });

  it('lets no script of others run, nor its own in the page', async () => {
    const { text, headers } = await gateway.call('/api/v1/ui');
    const policy = String(headers['content-security-policy']);
    expect(policy).toContain("default-src 'none'");
    expect(policy).not.toMatch(/unsafe|\*|https?:/);
    expect(text).not.toMatch(/<script>|<style|\son\w+=|\sstyle=/);
  });

  it.each(['index.html', '..%2f..%2fpackage.json', 'swagger-ui.js', 'constructor'])(
    'has no %s',
    async (file) => {
      const { status, json } = await gateway.call(`/api/v1/ui/${file}`);
      expect([status, json()['code']]).toEqual([404, 'NotFound']);
    },
  );

  it('says what to do where it was not built', async () => {
    const own = await openGateway({ uiDirectory: tmpdir() });
    try {
      const { status, json } = await own.call('/api/v1/ui/swagger-ui.css');
      expect(status).toBe(503);
      expect(json()['error']).toContain('npm run build');
    } finally {
      await own.close();
    }
  });
});

describe('/', () => {
  it('leads browsers to the page', async () => {
    const headers = { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' };
    const answer = await gateway.call('/', { headers });
    expect([answer.status, answer.headers['location']]).toEqual([302, '/api/v1/ui']);
  });

  it.each([{}, { accept: '*/*' }, { accept: 'application/json' }])(
    'tells others what there is: %j',
    async (headers) => {
      const { status, json } = await gateway.call('/', { headers });
      expect(status).toBe(200);
      expect(json()).toMatchObject({ name: 'amun', version: '1.2.3' });
    },
  );
});
