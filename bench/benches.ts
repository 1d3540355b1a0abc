import type { Bench } from './bench.js';
import { bus } from './bus.js';
import { coldStart } from './cold-start.js';
import { find } from './find.js';
import { inFlight } from './in-flight.js';
import { kubernetes } from './kubernetes.js';
import { memory } from './memory.js';
import { output } from './output.js';
import { overhead } from './overhead.js';
import { restart } from './restart.js';
import { status } from './status.js';
import { store } from './store.js';
import { submit } from './submit.js';

/** All benches, in the order in which they run. */
export const benches: readonly Bench[] = [
  submit,
  overhead,
  status,
  find,
  coldStart,
  memory,
  restart,
  output,
  bus,
  store,
  kubernetes,
  inFlight,
];
