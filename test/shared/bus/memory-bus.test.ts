import { describeBusContract } from '../../contract/bus-contract.js';
import { createMemoryBus } from '../../fakes/memory-bus.js';

describe('createMemoryBus', () => {
  describeBusContract(() => Promise.resolve(createMemoryBus()));
});
