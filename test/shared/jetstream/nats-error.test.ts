import { JetStreamApiError } from '@nats-io/jetstream';
import {
  ClosedConnectionError,
  InvalidArgumentError,
  NoRespondersError,
  PermissionViolationError,
  RequestError,
  TimeoutError,
} from '@nats-io/transport-node';
import { AmunError } from '../../../shared/errors/amun-error.js';
import { ConnectionLost } from '../../../shared/jetstream/connection-watch.js';
import { isPassing, translateNatsError } from '../../../shared/jetstream/nats-error.js';

const api = (err_code: number, code: number) =>
  new JetStreamApiError({ err_code, code, description: `error ${err_code}` });
const noResponders = new RequestError('', { cause: new NoRespondersError('x') });

describe('NATS errors', () => {
  it.each<[string, Error, string, boolean, RegExp]>([
    ['a wrong version', api(10071, 400), 'Conflict', false, /somebody else was faster/],
    ['a full stream', api(10077, 503), 'Unavailable', false, /the stream is full/],
    ['a full disk', api(10047, 500), 'Unavailable', false, /no room/],
    ['too little memory', api(10028, 500), 'Unavailable', false, /no room/],
    ['a server that starts', api(10008, 503), 'Unavailable', true, /error 10008/],
    ['a stream that is gone', api(10059, 404), 'Unavailable', true, /no JetStream answers/],
    ['a wrong request', api(10100, 400), 'Internal', false, /error 10100/],
    ['silence', new TimeoutError(), 'Unavailable', true, /did not answer in time/],
    ['nobody there', noResponders, 'Unavailable', true, /nats-server with -js/],
    ['a broken connection', new ConnectionLost(), 'Unavailable', true, /no connection/],
    ['a closed one', new ClosedConnectionError(), 'Unavailable', false, /is closed/],
    [
      'too large a message',
      new InvalidArgumentError("'payload' max_payload size exceeded"),
      'TooLarge',
      false,
      /max_payload/,
    ],
    ['a bad argument', new InvalidArgumentError('bad'), 'InvalidRequest', false, /bad/],
    [
      'a refusal',
      new PermissionViolationError('no', 'publish', 'amun.x'),
      'Forbidden',
      false,
      /does not permit/,
    ],
  ])('translates %s', (_what, error, code, passing, sentence) => {
    const translated = translateNatsError(error, 'Storing it');
    expect(translated).toMatchObject({ code, cause: error });
    expect(translated.message).toMatch(/^Storing it: /);
    expect(translated.message).toMatch(sentence);
    expect(isPassing(error)).toBe(passing);
  });

  it('leaves our own errors as they are', () => {
    const error = new AmunError('InvalidRequest', 'ours');
    expect(translateNatsError(error, 'Storing it')).toBe(error);
    expect(isPassing(error)).toBe(false);
  });
});
