import { loadFunctionLimits } from '../../../shared/config/function-limits.js';

describe('loadFunctionLimits', () => {
  it('has defaults', () => {
    expect(loadFunctionLimits({})).toEqual({ maxBodyBytes: 1048576, execTimeoutMs: 60_000 });
  });

  it.each([
    ['1mb', 1048576],
    ['512kb', 524288],
    ['1.5MB', 1572864],
    ['100', 100],
    ['10b', 10],
  ])('reads a size: %s', (text, bytes) => {
    expect(loadFunctionLimits({ MAX_RAW_SIZE: text }).maxBodyBytes).toBe(bytes);
  });

  it.each([
    ['60s', 60_000],
    ['1m30s', 90_000],
    ['500ms', 500],
    ['1.5h', 5_400_000],
    ['15', 15_000],
  ])('reads a duration: %s', (text, milliseconds) => {
    expect(loadFunctionLimits({ exec_timeout: text }).execTimeoutMs).toBe(milliseconds);
  });

  it.each([
    [{ MAX_RAW_SIZE: 'much' }, 'MAX_RAW_SIZE'],
    [{ MAX_RAW_SIZE: '-1' }, 'MAX_RAW_SIZE'],
    [{ exec_timeout: '5 minutes' }, 'exec_timeout'],
    [{ exec_timeout: '-1s' }, 'exec_timeout'],
  ])('names the variable that makes no sense: %j', (environment, name) => {
    expect(() => loadFunctionLimits(environment)).toThrow(name);
  });
});
