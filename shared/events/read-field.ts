import { AmunError } from '../errors/amun-error.js';
import { isBuildId, isInspectionId } from '../inspection/identity.js';
import { isFinal, PHASES } from '../inspection/phase.js';
import { REASONS } from '../inspection/reason.js';
import type { FieldKind } from './event-fields.js';

type Scalar = string | number | boolean;

const MAX_TEXT_LENGTH = 512 * 1024;
const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:\d\d)$/;

interface Kind {
  readonly test: (value: unknown) => boolean;
  readonly words: string;
}

/** What each kind must look like, and the words that say so. */
const KINDS: Readonly<Record<FieldKind, Kind>> = {
  'inspection id': {
    test: (value) => typeof value === 'string' && isInspectionId(value),
    words: 'the id of an inspection',
  },
  'build id': {
    test: (value) => typeof value === 'string' && isBuildId(value),
    words: 'the id of a build',
  },
  phase: {
    test: (value) => PHASES.some((phase) => phase === value && isFinal(phase)),
    words: 'succeeded, failed or cancelled',
  },
  stage: {
    test: (value) => value === 'building' || value === 'running',
    words: 'building or running',
  },
  reason: {
    test: (value) => typeof value === 'string' && Object.hasOwn(REASONS, value),
    words: 'one of the reasons that Amun knows',
  },
  text: {
    test: (value) => typeof value === 'string' && value.length <= MAX_TEXT_LENGTH,
    words: `a string of at most ${MAX_TEXT_LENGTH} characters`,
  },
  boolean: { test: (value) => typeof value === 'boolean', words: 'true or false' },
  integer: {
    test: (value) => Number.isSafeInteger(value) && (value as number) >= 0,
    words: 'an integer from 0',
  },
  time: {
    test: (value) =>
      typeof value === 'string' && TIME.test(value) && !Number.isNaN(Date.parse(value)),
    words: 'a time in ISO 8601, such as 2024-05-01T12:00:00.000Z',
  },
};

/** The value, once it is of its kind. Throws InvalidEvent naming `name`. */
export function readField(name: string, kind: FieldKind, value: unknown): Scalar {
  const { test, words } = KINDS[kind];
  if (!test(value)) throw new AmunError('InvalidEvent', `${name} must be ${words}.`);
  return value as Scalar;
}
