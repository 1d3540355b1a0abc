import { describeStoreContract } from '../../contract/store-contract.js';
import { describeWithNats } from '../../nats-server.js';
import { patientStore } from '../../patient-jetstream.js';
import { useNats } from '../../use-nats.js';

describeWithNats('createJetStreamStore', () => {
  const nats = useNats('all');

  describeStoreContract(() => Promise.resolve(patientStore(nats.connection)));
});
