import { isDeepStrictEqual } from 'node:util';
import { parametersOf, route } from '../../../functions/submit/route.js';
import { createHandler } from '../../../shared/http/create-handler.js';
import { listIds } from '../../../shared/cluster/local/read-cluster.js';
import { specificationKey } from '../../../shared/lifecycle/artifact-keys.js';
import { callFunction, expectRefusal, type Answered, type Call } from '../call-function.js';
import { checkFunctionAnswer } from '../../shared/api/check-function-answer.js';
import { openStage, type Stage } from '../../shared/lifecycle/open-stage.js';
import {
  BAD_SPECIFICATIONS,
  type BadSpecification,
} from '../../shared/inspection/bad-specifications.js';

const SPECIFICATION = { base: 'fedora:40', script: '#!/bin/sh\necho hi\n' };
const MEBIBYTE = 1024 * 1024;
const SOME_ID = 'inspection-0123456789abcdef';

describe('submit at its edge', () => {
  let stage: Stage;
  beforeEach(async () => {
    stage = await openStage();
  });
  afterEach(() => stage.close());

  /** Every answer must be as it is documented. */
  async function call(request: Call): Promise<Answered> {
    const handler = createHandler(
      (asked) => route(() => Promise.resolve(stage.ports), asked),
      stage.ports.log,
      parametersOf,
    );
    const asked = { method: 'POST', ...request };
    const answered = await callFunction(handler, asked);
    checkFunctionAnswer(asked, answered);
    return answered;
  }
  async function expectNothingCreated(): Promise<void> {
    const { store } = stage.ports;
    expect((await store.index.list(1, 10)).total).toBe(0);
    expect(await store.inFlight.list()).toEqual([]);
    expect(await listIds(stage.layout, 'build')).toEqual([]);
    expect(stage.bus.messages).toEqual([]);
  }

  it.each(['/', '/inspect', '/inspect/', '//inspect'])(
    'accepts a specification at %s',
    async (path) => {
      const { status, body } = await call({ path, body: SPECIFICATION });
      expect(status).toBe(202);
      // The fields that the oldest Python client refuses to do without.
      expect(body).toMatchObject({
        inspection_id: expect.stringMatching(/^inspection-[0-9a-f]{16}$/) as string,
        build_created: true,
        job_created: false,
        parameters: {
          ...SPECIFICATION,
          batch_size: 1,
          build: { requests: { cpu: '500m', memory: '256Mi' } },
          run: { requests: { cpu: '500m', memory: '256Mi' } },
        },
      });
    },
  );

  it('takes a stored specification, replacing what the server had added', async () => {
    const stored = { ...SPECIFICATION, '@created': '2020-01-01', '@amun_deployment_name': 'x' };
    const { body } = await call({ body: stored });
    const kept = await stage.ports.store.artifacts.get(
      specificationKey(body['inspection_id'] as string),
    );
    expect(JSON.parse(Buffer.from(kept!).toString())).toMatchObject({
      base: 'fedora:40',
      '@created': '2026-01-01T12:00:00.000Z',
    });
  });

  it.each([
    ['true', true],
    ['1', true],
    ['false', false],
    ['0', false],
  ])('with ?force=%s makes a build of its own: %s', async (force, isOwn) => {
    await call({ body: SPECIFICATION });
    const { body } = await call({ query: { force }, body: SPECIFICATION });
    expect(body['build_created']).toBe(isOwn);
  });

  it.each([
    ['no body', undefined],
    ['an empty body', Buffer.alloc(0)],
    ['no JSON', Buffer.from('base: fedora')],
    ['half a document', Buffer.from('{"base": "fedora:40"')],
    ['bytes that are not UTF-8', Buffer.from('7b2262617365223a22ff227d', 'hex')],
    ['a field that would become a prototype', Buffer.from('{"__proto__": {}, "base": "a:1"}')],
    ['a thousand brackets', Buffer.from('['.repeat(1000) + ']'.repeat(1000))],
  ])('refuses %s', async (_, body) => {
    expectRefusal(await call({ body }), 400, 'InvalidRequest');
    await expectNothingCreated();
  });

  it.each([
    ['null', null],
    ['an array', [SPECIFICATION]],
    ['a string', 'fedora:40'],
    ['no base', {}],
    ['an unknown field', { ...SPECIFICATION, constructor: 1 }],
    ['a name with shell syntax', { ...SPECIFICATION, packages: ['jq; rm -rf /'] }],
  ])('refuses %s, and says where', async (_, body) => {
    const answered = await call({ body });
    expectRefusal(answered, 400, 'InvalidSpecification');
    expect(answered.body['details']).toMatchObject([
      { pointer: expect.any(String) as string, message: expect.any(String) as string },
    ]);
    await expectNothingCreated();
  });

  it('refuses every bad specification there is a rule for', async () => {
    for (const [name, fields] of BAD_SPECIFICATIONS.filter(isJson)) {
      const body = { base: 'fedora:40', ...(fields as object) };
      const { status } = await call({ body });
      expect([name, status >= 400 && status < 500]).toEqual([name, true]);
    }
    await expectNothingCreated();
  });

  it('tells what was asked in the answer to a bad specification', async () => {
    const { body } = await call({ body: { base: 'fedora:40', pakages: [] } });
    expect(body['parameters']).toEqual({ base: 'fedora:40', pakages: [] });
  });

  it('refuses 2 MB', async () => {
    const body = { ...SPECIFICATION, files: [{ path: '/a', content: 'x'.repeat(2 * MEBIBYTE) }] };
    expectRefusal(await call({ body }), 413, 'TooLarge');
    await expectNothingCreated();
  });

  it.each(['yes', 'TRUE', '', '2'])('refuses ?force=%j', async (force) => {
    expectRefusal(await call({ query: { force }, body: SPECIFICATION }), 400, 'InvalidRequest');
    await expectNothingCreated();
  });

  it.each(['GET', 'PUT', 'DELETE', 'PATCH', 'HEAD'])('refuses %s', async (method) => {
    const answered = await call({ method, path: '/inspect', body: SPECIFICATION });
    expectRefusal(answered, 405, 'MethodNotAllowed');
    expect(answered.body['error']).toContain('POST');
    await expectNothingCreated();
  });

  it.each([
    ['/inspct', '/inspect'],
    [`/inspect/${SOME_ID}/cancl`, '/inspect/{id}/cancel'],
    ['/_debug/generate-docker', '/_debug/generate-dockerfile'],
    [`/${'x'.repeat(5000)}`, '/'],
    ['/constructor', '/'],
  ])('knows nothing at %s', async (path, hint) => {
    const answered = await call({ path, body: SPECIFICATION });
    expectRefusal(answered, 404, 'NotFound');
    expect(answered.body['error']).toContain(`did you mean ${hint}`);
    expect(answered.text.length).toBeLessThan(1000);
    await expectNothingCreated();
  });

  it.each([
    SOME_ID,
    'constructor',
    '__proto__',
    '$(reboot)',
    "inspection-'; rm -rf ' -0123456789abcdef",
    '..',
    '%2e%2e',
    'inspection-0123456789abcdeF',
  ])('cannot cancel %j, which does not exist', async (id) => {
    const answered = await call({ path: `/inspect/${id}/cancel` });
    expectRefusal(answered, 404, 'NotFound');
    expect(answered.body['parameters']).toEqual({ inspection_id: id });
    await expectNothingCreated();
  });

  it('cancels, once', async () => {
    const { body } = await call({ body: SPECIFICATION });
    const id = body['inspection_id'] as string;
    const path = `/inspect/${id}/cancel`;
    expect(await call({ path })).toMatchObject({
      status: 202,
      body: { inspection_id: id, phase: 'cancelled', parameters: { inspection_id: id } },
    });
    expectRefusal(await call({ path }), 409, 'AlreadyFinished');
  });

  it('shows a Dockerfile and creates nothing', async () => {
    const answered = await call({ path: '/_debug/generate-dockerfile', body: SPECIFICATION });
    expect(answered.status).toBe(200);
    expect(answered.body['dockerfile']).toMatch(/^FROM /m);
    expect(answered.body['parameters']).toMatchObject(SPECIFICATION);
    await expectNothingCreated();
  });
});

/** Some of them only YAML, or a program, can express. */
function isJson([, fields]: BadSpecification): boolean {
  return isDeepStrictEqual(JSON.parse(JSON.stringify(fields)), fields);
}
