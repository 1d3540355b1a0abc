import { asyncMessageId, asyncSubject } from '../../../shared/events/async-call.js';

it('tells calls of other functions and paths apart, and knows the same call again', () => {
  const subject = asyncSubject('echo');
  const id = asyncMessageId(subject, '/a', 'mine');
  expect(asyncMessageId(subject, '/a', 'mine')).toBe(id);
  const others = [
    asyncMessageId(asyncSubject('other'), '/a', 'mine'),
    asyncMessageId(subject, '/a?b', 'mine'),
    asyncMessageId(subject, '/a', 'yours'),
  ];
  expect(new Set([id, ...others]).size).toBe(4);
});
