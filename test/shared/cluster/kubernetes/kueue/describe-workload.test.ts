import { describeWorkload } from '../../../../../shared/cluster/kubernetes/kueue/describe-workload.js';

const pending = (message: unknown) => ({ type: 'QuotaReserved', status: 'False', message });
const reserved = { type: 'QuotaReserved', status: 'True', message: 'Quota reserved in team-a' };

describe('describeWorkload', () => {
  it('says why no quota is reserved', () => {
    const conditions = [{ type: 'Evicted', status: 'False' }, pending(' no room in flavor a ')];
    expect(describeWorkload({ status: { conditions } })).toBe('no room in flavor a');
  });

  it('says which check is open once there is quota', () => {
    const admissionChecks = [
      { name: 'budget', state: 'Ready' },
      { name: 'nodes', state: 'Retry', message: 'no capacity' },
    ];
    const status = { conditions: [reserved], admissionChecks };
    expect(describeWorkload({ status })).toBe('admission check nodes is Retry (no capacity)');
    expect(describeWorkload({ status: { conditions: [pending('x')], admissionChecks } })).toBe('x');
  });

  it.each([
    [undefined],
    [null],
    [{}],
    [{ status: 'x' }],
    [{ status: { conditions: [null, 5, pending(7)] } }],
    [{ status: { conditions: {}, admissionChecks: 'x' } }],
    [{ status: { conditions: [reserved] } }],
  ])('says nothing where nothing is said: %j', (object) => {
    expect(describeWorkload(object)).toBeUndefined();
  });

  it('is short, whatever is said', () => {
    const status = { conditions: [pending('x'.repeat(100_000))] };
    expect(describeWorkload({ status })).toHaveLength(512);
  });
});
