import { JetStream } from '../../../shared/jetstream/jetstream.js';
import { readNewest } from '../../../shared/store/newest-message.js';
import { storeStreams } from '../../../shared/store/store-streams.js';
import { describeWithNats } from '../../nats-server.js';
import { useNats } from '../../use-nats.js';

describeWithNats('readNewest', () => {
  const nats = useNats('all');

  it('finds the same on both ways of asking', async () => {
    const jetstream = new JetStream(nats.connection, 120_000);
    const { inspections: bucket } = storeStreams();
    const subject = `${bucket.prefix}one`;
    await jetstream.publish({ stream: bucket.stream, subject, body: 'old', id: '1' });
    await jetstream.publish({ stream: bucket.stream, subject, body: 'new', id: '2' });
    // The stream is there already, with a single copy: this only changes who is asked.
    const clustered = { ...bucket, stream: { ...bucket.stream, replicas: 3 } };
    for (const asked of [bucket, clustered]) {
      const found = await readNewest(jetstream, asked, subject, 'Reading');
      expect(found).toMatchObject({ seq: 2 });
      expect(new TextDecoder().decode(found?.data)).toBe('new');
      expect(found?.header.has('KV-Operation')).toBe(false);
      const other = `${bucket.prefix}other`;
      expect(await readNewest(jetstream, asked, other, 'Reading')).toBeUndefined();
    }
  });
});
