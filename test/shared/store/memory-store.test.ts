import { describeStoreContract } from '../../contract/store-contract.js';
import { createMemoryStore } from '../../fakes/memory-store.js';

describe('createMemoryStore', () => {
  describeStoreContract(() => Promise.resolve(createMemoryStore()));
});
