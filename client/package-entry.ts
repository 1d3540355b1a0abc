// All that `import … from 'amun/client'` offers.
export { createAmunClient } from './amun-client.js';
export type { AmunClient, FollowOptions, InspectionFilter } from './amun-client.js';
export { ApiError, UnreachableError } from './api-error.js';
export type { ApiFinding } from './api-error.js';
export type { Advice, BuildLogPart, InspectionStatus, OutputPart, Submitted } from './answers.js';
export type { MatrixRequest, SubmitOptions, Variation } from './create-client.js';
export type { InspectionEvent } from './follow-events.js';
export type { MatrixStatus, SubmittedMatrix } from './matrix-answers.js';
export type { Answer, Input, OperationId, Schemas, Specification } from './operations.js';
