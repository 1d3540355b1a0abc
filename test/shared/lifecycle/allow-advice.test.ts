import { parseMatrix } from '../../../shared/inspection/parse-matrix.js';
import { isAmunError } from '../../../shared/errors/amun-error.js';
import { allowAdvice } from '../../../shared/lifecycle/allow-advice.js';
import { specify } from './open-stage.js';

const python = { requirements: { packages: { six: '*' } } };
const asking = (advise: object) => specify({ python, advise });

function refusal(thoth: Parameters<typeof allowAdvice>[0]['thoth'], advise: object): string {
  try {
    allowAdvice(thoth === undefined ? {} : { thoth }, asking(advise));
  } catch (error) {
    if (isAmunError(error, 'InvalidSpecification')) return error.message;
    throw error;
  }
  return 'allowed';
}

describe('allowAdvice', () => {
  const thoth = { host: 'a.example', hosts: ['a.example', 'b.example:8443'] };

  it('leaves what asks for no advice as it is', () => {
    const specification = specify();
    expect(allowAdvice({}, specification)).toBe(specification);
  });

  it('names the configured one where the specification names none', () => {
    expect(allowAdvice({ thoth }, asking({})).advise?.host).toBe('a.example');
  });

  it('lets others be asked that are allowed, written in any case', () => {
    expect(allowAdvice({ thoth }, asking({ host: 'B.example:8443' })).advise?.host).toBe(
      'b.example:8443',
    );
  });

  it.each([
    [undefined, {}, /operator has to set AMUN_THOTH_HOST/],
    [undefined, { host: 'a.example' }, /"a.example" is none .* set AMUN_THOTH_HOST/],
    [{ hosts: ['b.example'] }, {}, /in advise.host: b.example/],
    [thoth, { host: 'b.example' }, /Those are a.example, b.example:8443; .* AMUN_THOTH_HOSTS/],
  ])('with %j refuses %j', (configured, advise, message) => {
    expect(refusal(configured, advise)).toMatch(message);
  });
});

it('is told of a matrix where the variation says it', () => {
  const specification = { base: 'debian:12', python, advise: {} };
  const variations = [{ set: {} }, { set: { advise: { host: 'other.example' } } }];
  const thoth = { host: 'thoth.example', hosts: ['thoth.example'] };
  const parse = () =>
    parseMatrix({ specification, variations }, (one) => allowAdvice({ thoth }, one));
  expect(parse).toThrow(
    expect.objectContaining({
      details: [expect.objectContaining({ pointer: '/variations/1/set/advise/host' })],
    }) as Error,
  );
});
