import type { ClusterRef } from './port.js';

/**
 * Values by build or job. Its keys are the ids that the references have anyway: with ten thousand in
 * flight, a key made for each of them, in each map, would be a tenth of what they take.
 */
export class RefMap<Value> {
  private readonly builds = new Map<string, Value>();
  private readonly jobs = new Map<string, Value>();

  get size(): number {
    return this.builds.size + this.jobs.size;
  }

  get({ kind, id }: ClusterRef): Value | undefined {
    return this.of(kind).get(id);
  }

  has({ kind, id }: ClusterRef): boolean {
    return this.of(kind).has(id);
  }

  set({ kind, id }: ClusterRef, value: Value): void {
    this.of(kind).set(id, value);
  }

  delete({ kind, id }: ClusterRef): boolean {
    return this.of(kind).delete(id);
  }

  clear(): void {
    this.builds.clear();
    this.jobs.clear();
  }

  /** Builds, then jobs, each in the order in which they came. */
  *refs(): Generator<ClusterRef> {
    for (const id of this.builds.keys()) yield { kind: 'build', id };
    for (const id of this.jobs.keys()) yield { kind: 'job', id };
  }

  private of(kind: ClusterRef['kind']): Map<string, Value> {
    return kind === 'build' ? this.builds : this.jobs;
  }
}
