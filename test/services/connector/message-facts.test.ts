import type { Delivery } from '../../../shared/bus/port.js';
import { readMessageFacts } from '../../../services/connector/message-facts.js';

function call(functionName: string, path: string): Delivery {
  return {
    subject: `amun.async.${functionName}`,
    body: new Uint8Array(),
    headers: { 'X-Call-Id': 'mine', 'X-Path': path, 'X-Start-Time': '1700000000000000000' },
    attempt: 1,
    working: () => undefined,
  };
}

it('tells calls of one call id apart by function and path, so that each has its dead letter', () => {
  const { id, time } = readMessageFacts(call('echo', '/a'));
  expect(time).toBe(1_700_000_000_000);
  expect(readMessageFacts(call('echo', '/a')).id).toBe(id);
  expect(readMessageFacts(call('echo', '/b')).id).not.toBe(id);
  expect(readMessageFacts(call('other', '/a')).id).not.toBe(id);
});
