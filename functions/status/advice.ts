import { AmunError } from '../../shared/errors/amun-error.js';
import { answer, type Answer } from '../../shared/http/respond.js';
import type { Advice } from '../../shared/inspection/advice.js';
import { decodeJson } from '../../shared/inspection/decode-json.js';
import type { Json } from '../../shared/inspection/specification.js';
import { adviceKey } from '../../shared/lifecycle/artifact-keys.js';
import { readSpecification } from '../../shared/lifecycle/read-specification.js';
import { observe } from './observe.js';
import type { Question } from './question.js';

/** All that Thoth said of the stack of an inspection's build. Throws NotFound where there is nothing. */
export async function answerAdvice(question: Question): Promise<Answer> {
  const { ports, record } = question;
  const specification = await readSpecification(ports.store, record.id);
  if (specification.advise === undefined) {
    throw new AmunError(
      'NotFound',
      `${record.id} did not ask Thoth for advice; its specification would say so in advise.`,
    );
  }
  const stored = await ports.store.artifacts.get(adviceKey(record.buildId));
  if (stored === undefined) throw await explainNone(question);
  // Ours: it was checked when it was stored.
  const advice = decodeJson(stored) as Advice;
  return answer(200, {
    inspection_id: record.id,
    state: advice.state,
    message: advice.message,
    analysis_id: advice.analysisId ?? null,
    score: advice.score ?? null,
    stack_info: advice.stackInfo as unknown as Json,
    justification: advice.justification as unknown as Json,
    changes: advice.changes as unknown as Json,
    requirements_locked: advice.requirementsLocked ?? null,
    parameters: { inspection_id: record.id },
  });
}

async function explainNone({ ports, record }: Question): Promise<AmunError> {
  const { build } = await observe(ports, record);
  return new AmunError(
    'NotFound',
    build?.state === 'terminated'
      ? `The build of ${record.id} ended before Thoth was asked; its log says why.`
      : `The build of ${record.id} has not ended, and the advice is there once it has; ask again later.`,
  );
}
