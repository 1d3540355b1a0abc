import { createHash } from 'node:crypto';
import { asyncSubject } from '../../shared/events/async-call.js';

/** A function that is to be called for each message of a subject. */
export interface Subscription {
  /** As the gateway is asked for it: "name" or "name.namespace". */
  readonly functionName: string;
  readonly subject: string;
  /** The durable consumer's name, the same in every connector. */
  readonly consumer: string;
  /** An event on a topic, or a call that somebody made without waiting. */
  readonly kind: 'topic' | 'async';
}

/** OpenFaaS' names: DNS labels, perhaps with a namespace. */
const FUNCTION_NAME = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)?$/;

/** An exact NATS subject: no wildcards, no empty tokens. */
const SUBJECT = /^[\w-]+(\.[\w-]+)*$/;

const MAX_SUBJECT_LENGTH = 200;

/** True for what may be called as a function; anything else could be a path to somewhere else. */
export function isFunctionName(name: string): boolean {
  return FUNCTION_NAME.test(name);
}

/** A function's subscriptions: one for each exact topic, and one for its asynchronous calls. */
export function subscriptionsOf(functionName: string, topics: readonly string[]): Subscription[] {
  const [bareName = functionName] = functionName.split('.');
  return [
    ...topics
      .filter((topic) => topic.length <= MAX_SUBJECT_LENGTH && SUBJECT.test(topic))
      .map((topic) => subscribe(functionName, topic, 'topic')),
    subscribe(functionName, asyncSubject(bareName), 'async'),
  ];
}

/** A consumer's name takes no dots, so what was lost of the pair is kept as a hash. */
function subscribe(
  functionName: string,
  subject: string,
  kind: Subscription['kind'],
): Subscription {
  const readable = `${functionName}-${subject}`.replace(/\W+/g, '-').slice(0, 100);
  const hash = createHash('sha256').update(`${functionName}\0${subject}`).digest('hex');
  return { functionName, subject, kind, consumer: `connector-${readable}-${hash.slice(0, 8)}` };
}
