/** Phases in the order in which they may follow each other; the last three are ends. */
export const PHASES = [
  'queued',
  'building',
  'running',
  'succeeded',
  'failed',
  'cancelled',
] as const;

export type Phase = (typeof PHASES)[number];

/** True once an inspection has ended; nothing changes it any more. */
export function isFinal(phase: Phase): boolean {
  return phase === 'succeeded' || phase === 'failed' || phase === 'cancelled';
}

/** The later of two phases: a phase never goes back, and the first end stays. */
export function laterPhase(known: Phase, seen: Phase): Phase {
  if (isFinal(known)) return known;
  return PHASES.indexOf(seen) > PHASES.indexOf(known) ? seen : known;
}
