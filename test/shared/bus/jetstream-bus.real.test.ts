import { describeBusContract } from '../../contract/bus-contract.js';
import { describeWithNats } from '../../nats-server.js';
import { patientBus } from '../../patient-jetstream.js';
import { useNats } from '../../use-nats.js';

describeWithNats('createJetStreamBus', () => {
  const nats = useNats('all');

  describeBusContract(() => Promise.resolve(patientBus(nats.connection)));
});
