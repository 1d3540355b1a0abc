import { Counter, Gauge } from 'prom-client';

export const ends = new Counter({
  name: 'amun_watcher_ends_total',
  help: 'Ends of builds and jobs that were published first by this watcher.',
  labelNames: ['kind'],
});

export const progressEvents = new Counter({
  name: 'amun_watcher_progress_total',
  help: 'Events about the progress of inspections that were published first by this watcher.',
});

export const inFlight = new Gauge({
  name: 'amun_inspections_in_flight',
  help: 'Inspections that have not ended, at the last reconciliation.',
});

export const unexported = new Gauge({
  name: 'amun_inspections_unexported',
  help: 'Inspections that have ended and wait for their export, at the last reconciliation.',
});

export const queued = new Gauge({
  name: 'amun_queued',
  help: 'Builds and jobs that wait because a bound is reached, at the last reconciliation.',
  labelNames: ['kind'],
});

export const hints = new Counter({
  name: 'amun_reconciler_hints_total',
  help: 'Events that the reconciler published because something had been missed.',
  labelNames: ['kind'],
});
