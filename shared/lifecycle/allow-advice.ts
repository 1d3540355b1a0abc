import { refuseDocument } from '../inspection/refuse-document.js';
import type { Specification } from '../inspection/specification.js';
import type { LifecycleSettings } from './ports.js';

/**
 * The specification with the Thoth that it is going to ask. Throws InvalidSpecification where nobody
 * has said which one that is, or it is none of those that the operator lets builds ask.
 */
export function allowAdvice(
  { thoth }: Pick<LifecycleSettings, 'thoth'>,
  specification: Specification,
): Specification {
  const { advise } = specification;
  if (advise === undefined) return specification;
  const host = advise.host ?? thoth?.host;
  const allowed = thoth?.hosts ?? [];
  if (host === undefined) {
    throw refuseDocument('specification', [
      {
        pointer: '/advise',
        message:
          allowed.length === 0
            ? 'This service has no Thoth to ask for advice: its operator has to set AMUN_THOTH_HOST to one.'
            : `Say which Thoth to ask in advise.host: ${allowed.join(', ')}. (AMUN_THOTH_HOST would name one for everybody.)`,
      },
    ]);
  }
  if (!allowed.includes(host)) {
    const others =
      allowed.length === 0
        ? 'The operator has to set AMUN_THOTH_HOST to the one that may be asked.'
        : `Those are ${allowed.join(', ')}; the operator adds others to AMUN_THOTH_HOSTS.`;
    throw refuseDocument('specification', [
      {
        pointer: '/advise/host',
        message: `"${host}" is none of the Thoths that this service may ask. ${others}`,
      },
    ]);
  }
  return { ...specification, advise: { ...advise, host } };
}
