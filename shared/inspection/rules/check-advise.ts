import type { Finding } from '../../errors/amun-error.js';
import type { Advise } from '../specification.js';
import { quoteText } from '../validation/json-pointer.js';
import type { SentSpecification } from '../validation/sent-specification.js';
import { isEmptyPart } from './check-python-stack.js';
import { isThothHost } from './thoth-host.js';

/** There must be something to ask about, somebody to ask, and something to install in the end. */
export function checkAdvise(
  { host, dry_run }: Partial<Advise>,
  sent: SentSpecification,
): Finding[] {
  const findings: Finding[] = [];
  // What is no object at all the schema complains about.
  const python: unknown = sent.python ?? {};
  const { requirements, requirements_locked } =
    typeof python === 'object' ? (sent.python ?? {}) : {};
  if (isEmptyPart(requirements)) {
    const message =
      'advise needs to know what advice is wanted on; write python.requirements, a Pipfile as JSON.';
    findings.push({ pointer: '/advise', message });
  } else if (dry_run === true && isEmptyPart(requirements_locked)) {
    const message =
      'With advise.dry_run the lock stays as it is, and there is none; write python.requirements_locked, or leave dry_run out.';
    findings.push({ pointer: '/advise/dry_run', message });
  }
  if (host !== undefined && !isThothHost(host)) {
    const message = `advise.host ${quoteText(host)} is no host; write its name without https:// and path, for example "thoth.example.org" or "thoth.example.org:8443".`;
    findings.push({ pointer: '/advise/host', message });
  }
  return findings;
}
