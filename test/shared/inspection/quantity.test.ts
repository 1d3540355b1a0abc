import fc from 'fast-check';
import { parseQuantity, readQuantity } from '../../../shared/inspection/quantity.js';
import { catchError } from './find-findings.js';

describe('parseQuantity', () => {
  test.each([
    ['0', 0],
    ['2', 2],
    ['+2', 2],
    ['-1', -1],
    ['.5', 0.5],
    ['5.', 5],
    ['0.1', 0.1],
    ['500m', 0.5],
    ['1500u', 0.0015],
    ['100n', 1e-7],
    ['2k', 2000],
    ['3M', 3e6],
    ['1.5G', 1.5e9],
    ['1T', 1e12],
    ['1P', 1e15],
    ['1E', 1e18],
    ['1e3', 1000],
    ['1E3', 1000],
    ['1.5e-3', 0.0015],
    ['12e+2', 1200],
    ['100Ki', 102_400],
    ['256Mi', 268_435_456],
    ['1.5Gi', 1_610_612_736],
    ['1Ti', 2 ** 40],
    ['1Pi', 2 ** 50],
    ['1Ei', 2 ** 60],
  ])('takes %s', (text, value) => {
    expect(parseQuantity(text)).toBe(value);
  });

  test.each([
    '',
    ' ',
    '.',
    '+',
    '1 ',
    ' 1',
    '1 Gi',
    '1,5',
    '1_000',
    '0x10',
    'Mi',
    '1i',
    '1mi',
    '1KI',
    '1ki',
    '1K',
    '1GB',
    '1MB',
    '1g',
    '1.1.1',
    '--1',
    '+-1',
    '1e',
    '1e+',
    '1e1.5',
    '1eMi',
    '1e3Ki',
    '1e999',
    '1e19',
    '8Ei',
    'Infinity',
    'NaN',
    '1\n',
    '١',
    '1'.repeat(65),
  ])('refuses %j', (text) => {
    expect(catchError(() => parseQuantity(text), 'InvalidSpecification').message).toMatch(
      /is no quantity; write a number .*\.$/,
    );
    expect(readQuantity(text)).toBeUndefined();
  });

  test('reads what it is told in every unit', () => {
    const units = {
      n: 1e-9,
      u: 1e-6,
      m: 1e-3,
      k: 1e3,
      M: 1e6,
      G: 1e9,
      T: 1e12,
      Ki: 1024,
      Mi: 1024 ** 2,
      Gi: 1024 ** 3,
    };
    fc.assert(
      fc.property(
        fc.nat(2_000_000),
        fc.constantFrom(...Object.entries(units)),
        (count, [suffix, factor]) => {
          const value = parseQuantity(`${count}${suffix}`);
          expect(Math.round(value / factor)).toBe(count);
          expect(parseQuantity(String(value))).toBe(value);
        },
      ),
    );
  });

  test('reads back every number as it is written', () => {
    fc.assert(
      fc.property(fc.double({ min: 1e-9, max: 1e18, noNaN: true }), (value) => {
        expect(parseQuantity(String(value))).toBe(value);
      }),
    );
  });
});
