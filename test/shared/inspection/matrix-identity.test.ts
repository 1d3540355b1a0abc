import { isInspectionId } from '../../../shared/inspection/identity.js';
import { isMatrixId, matrixId, memberId } from '../../../shared/inspection/matrix-identity.js';

describe('ids of a matrix', () => {
  const random = Buffer.from('0123456789abcdef', 'hex');

  it('are recognised', () => {
    expect(matrixId(undefined, random)).toBe('matrix-0123456789abcdef');
    expect(matrixId('speed', random)).toBe('matrix-speed-0123456789abcdef');
    expect(isMatrixId('matrix-0123456789abcdef')).toBe(true);
    expect(isMatrixId('matrix-speed-0123456789abcdef')).toBe(true);
    for (const no of [
      'matrix-',
      'matrix-0123',
      'inspection-0123456789abcdef',
      'matrix-A-0123456789abcdef',
      'matrix-a.b-0123456789abcdef',
    ]) {
      expect(isMatrixId(no)).toBe(false);
    }
    expect(() => matrixId(undefined, random.subarray(1))).toThrow(RangeError);
  });

  it('decide those of its inspections', () => {
    const ids = Array.from({ length: 100 }, (_, n) => memberId('matrix-0123456789abcdef', n, 'x'));
    expect(ids.every(isInspectionId)).toBe(true);
    expect(new Set(ids).size).toBe(100);
    expect(memberId('matrix-0123456789abcdef', 7, 'x')).toBe(ids[7]);
    expect(memberId('matrix-1123456789abcdef', 7, 'x')).not.toBe(ids[7]);
  });
});
