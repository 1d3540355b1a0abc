import fc from 'fast-check';
import type { Parameter } from '../../../shared/api/operation.js';
import { readParameters, type SentParameters } from '../../../shared/api/read-parameters.js';
import { AmunError } from '../../../shared/errors/amun-error.js';

const PARAMETER: Parameter = {
  name: 'a',
  in: 'query',
  kind: 'string',
  isList: false,
  isRequired: false,
  write: 'something else',
  isValid: () => true,
};
const NOTHING: SentParameters = { path: {}, query: {}, header: {} };

/** The value of the one parameter, from texts in the query. */
function read(parameter: Partial<Parameter>, ...texts: string[]): unknown {
  const query = texts.length === 0 ? {} : { a: texts };
  return readParameters([{ ...PARAMETER, ...parameter }], { ...NOTHING, query }).query['a'];
}

function refusalOf(act: () => unknown): { code?: string; message?: string } {
  try {
    act();
  } catch (error) {
    expect(error).toBeInstanceOf(AmunError);
    return error as AmunError;
  }
  return {};
}

describe('readParameters', () => {
  it.each<[Partial<Parameter>, string[], unknown]>([
    [{}, ['x', 'y'], 'x'],
    [{}, [''], ''],
    [{}, [], undefined],
    [{ fallback: 7 }, [], 7],
    [{ kind: 'integer' }, ['-17'], -17],
    [{ kind: 'number' }, ['1.5'], 1.5],
    [{ kind: 'boolean' }, ['true'], true],
    [{ kind: 'boolean' }, ['0'], false],
    [{ isList: true }, ['x', 'y,z'], ['x', 'y', 'z']],
    [{ isList: true, kind: 'integer' }, ['1,2'], [1, 2]],
  ])('%j of %j is %j', (parameter, texts, expected) => {
    expect(read(parameter, ...texts)).toEqual(expected);
  });

  it.each<[Partial<Parameter>, string]>([
    [{ kind: 'integer' }, '1e3'],
    [{ kind: 'integer' }, '0x10'],
    [{ kind: 'integer' }, ' 1'],
    [{ kind: 'integer' }, ''],
    [{ kind: 'integer' }, '1.0'],
    [{ kind: 'number' }, 'NaN'],
    [{ kind: 'number' }, 'Infinity'],
    [{ kind: 'boolean' }, 'TRUE'],
    [{ kind: 'boolean' }, 'constructor'],
    [{ isList: true, kind: 'integer' }, '1,x'],
    [{ isValid: () => false }, 'x'],
  ])('refuses %j of %j, and says what to write', (parameter, text) => {
    const { code, message } = refusalOf(() => read(parameter, text));
    expect([code, message]).toEqual([
      'InvalidRequest',
      `a is ${JSON.stringify(text)}; write something else.`,
    ]);
  });

  it('asks for what is required', () => {
    const { code, message } = refusalOf(() => read({ isRequired: true }));
    expect([code, message]).toEqual(['InvalidRequest', 'a is missing; write something else.']);
  });

  it('says of a path that there is no such thing', () => {
    const parameter = { ...PARAMETER, in: 'path' as const, noun: 'file', isValid: () => false };
    const act = () => readParameters([parameter], { ...NOTHING, path: { a: 'x' } });
    expect(refusalOf(act)).toMatchObject({ code: 'NotFound', message: 'There is no file "x".' });
  });

  it('finds headers whatever their case', () => {
    const parameter = { ...PARAMETER, name: 'Idempotency-Key', in: 'header' as const };
    const sent = { ...NOTHING, header: { 'idempotency-key': 'k' } };
    expect(readParameters([parameter], sent).header).toEqual({ 'Idempotency-Key': 'k' });
  });

  it('fails in no other way, and shows no endless text', () => {
    const kinds = fc.constantFrom<Parameter['kind']>('string', 'integer', 'number', 'boolean');
    fc.assert(
      fc.property(kinds, fc.boolean(), fc.string({ maxLength: 500 }), (kind, isList, text) => {
        const { message = '' } = refusalOf(() => read({ kind, isList }, text));
        expect(message.length).toBeLessThan(700);
      }),
    );
  });
});
