import { ADVICE_STATES } from '../inspection/advice.js';
import { PHASES } from '../inspection/phase.js';
import { REASONS } from '../inspection/reason.js';
import { flag, integer, integerOrNull, listOf, mapOf, objectOf, oneOf, text } from './shape.js';

const reason = oneOf(Object.keys(REASONS));
const state = oneOf(['waiting', 'running', 'terminated']);
const observed = { reason, message: text, startedAt: text, finishedAt: text };

const advice = objectOf({ state: oneOf(ADVICE_STATES), message: text }, { analysisId: text });
const runOutcome = objectOf({ item: integer, exitCode: integerOrNull }, { reason, message: text });
const buildOutcome = objectOf(
  { state, exitCode: integerOrNull },
  { ...observed, image: text, advice },
);
const jobOutcome = objectOf({ runs: listOf(runOutcome) }, { startedAt: text, finishedAt: text });
const buildObservation = objectOf(
  { state },
  { ...observed, exitCode: integer, image: text, position: integer, advice },
);

/** What an InspectionRecord looks like. */
export const INSPECTION_RECORD = objectOf(
  {
    id: text,
    created: text,
    phase: oneOf(PHASES),
    buildId: text,
    buildReused: flag,
    batchSize: integer,
    hasScript: flag,
    sendMessages: flag,
    forceSync: flag,
  },
  {
    labels: mapOf(text),
    matrixId: text,
    build: buildOutcome,
    job: jobOutcome,
    cancelRequested: flag,
    reason,
    message: text,
    finished: text,
    exportedAt: text,
  },
);

/** What an IdempotencyRecord looks like. */
export const IDEMPOTENCY_RECORD = objectOf(
  { request: text, id: text, created: text },
  { outcome: objectOf({}) },
);

/** What a MatrixRecord looks like. */
export const MATRIX_RECORD = objectOf(
  { id: text, created: text, members: listOf(objectOf({ name: text, inspectionId: text })) },
  { submitted: text },
);

/** What a BuildRecord looks like. */
export const BUILD_RECORD = objectOf(
  { key: text, generation: integer, id: text, created: text },
  { outcome: buildObservation },
);
