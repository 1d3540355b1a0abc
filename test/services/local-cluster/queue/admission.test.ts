import {
  Admission,
  type Need,
  type Waiting,
} from '../../../../services/local-cluster/queue/admission.js';

const GIBIBYTE = 1024 ** 3;
const MACHINE: Need = { cpus: 4, memoryBytes: 8 * GIBIBYTE, gpus: 1 };

function waiting(key: string, second: number, cpus: number, more: Partial<Waiting> = {}): Waiting {
  return {
    key,
    requestedAt: `2024-05-01T12:00:0${second}.000Z`,
    need: { cpus, memoryBytes: GIBIBYTE, gpus: 0 },
    units: [0],
    ...more,
  };
}

describe('admission', () => {
  it('lets in as many as fit, in the order in which they were asked for', () => {
    const admission = new Admission(MACHINE);
    admission.enqueue(waiting('job/late', 2, 2));
    admission.enqueue(waiting('job/early', 1, 1, { units: [0, 1, 2] }));
    expect(admission.admit()).toEqual([
      { key: 'job/early', unit: 0 },
      { key: 'job/early', unit: 1 },
      { key: 'job/early', unit: 2 },
    ]);
    expect(admission.waiting()).toEqual(['job/late']);
    admission.release({ key: 'job/early', unit: 1 });
    expect(admission.admit()).toEqual([{ key: 'job/late', unit: 0 }]);
    expect(admission.waiting()).toEqual([]);
  });

  it('lets nobody overtake, however small', () => {
    const admission = new Admission(MACHINE);
    admission.enqueue(waiting('job/running', 0, 3));
    admission.admit();
    admission.enqueue(waiting('job/large', 1, 2));
    admission.enqueue(waiting('job/small', 2, 0.5));
    expect(admission.admit()).toEqual([]);
    expect(admission.waiting()).toEqual(['job/large', 'job/small']);
  });

  it('counts memory and GPUs as it counts cores', () => {
    const admission = new Admission(MACHINE);
    const need = { cpus: 0.1, memoryBytes: 5 * GIBIBYTE, gpus: 0 };
    admission.enqueue(waiting('job/a', 0, 0, { need, units: [0, 1] }));
    expect(admission.admit()).toHaveLength(1);
    admission.withdraw('job/a');
    const withGpu = { cpus: 0.1, memoryBytes: GIBIBYTE, gpus: 1 };
    admission.enqueue(waiting('job/b', 1, 0, { need: withGpu, units: [0, 1] }));
    expect(admission.admit()).toEqual([{ key: 'job/b', unit: 0 }]);
  });

  it('counts requests of next to nothing as a tenth of a core', () => {
    const admission = new Admission(MACHINE);
    const units = Array.from({ length: 100 }, (_, unit) => unit);
    const need = { cpus: 0, memoryBytes: 0, gpus: 0 };
    admission.enqueue(waiting('job/tiny', 0, 0, { need, units }));
    expect(admission.admit()).toHaveLength(40);
  });

  it('counts what was found running, even beyond what there is', () => {
    const admission = new Admission(MACHINE);
    for (const unit of [0, 1, 2]) {
      admission.hold({ key: 'job/found', unit }, { cpus: 2, memoryBytes: GIBIBYTE, gpus: 0 });
    }
    admission.enqueue(waiting('job/new', 0, 1));
    expect(admission.admit()).toEqual([]);
    admission.release({ key: 'job/found', unit: 0 });
    expect(admission.admit()).toEqual([]);
    admission.release({ key: 'job/found', unit: 1 });
    expect(admission.admit()).toHaveLength(1);
  });

  it('forgets what was withdrawn', () => {
    const admission = new Admission(MACHINE);
    admission.enqueue(waiting('build/a', 0, 1));
    admission.withdraw('build/a');
    admission.withdraw('build/unknown');
    expect(admission.admit()).toEqual([]);
  });
});
