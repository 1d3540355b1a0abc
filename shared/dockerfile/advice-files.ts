import advise from '../advice/advise.sh';
import client from '../advice/client.sh';
import marks from '../advice/marks.sh';
import report from '../advice/report.py';
import switches from '../advice/switches.sh';
import { AmunError } from '../errors/amun-error.js';
import type { ContextFile } from '../inspection/build-context.js';
import type { Advise, Hardware } from '../inspection/specification.js';
import { contextFile } from './build-step.js';
import { writeLines } from './context-lines.js';

/**
 * What a step reads to ask Thoth for advice: the script that asks, what it is to ask, and what it is
 * to tell of the machine.
 *
 * @param hardware what runs ask of their machine: the advice is to fit that one, which need not be
 *   the one that builds
 * Throws InvalidSpecification where nobody has said which Thoth is to be asked.
 */
export function adviceFiles(asked: Advise, hardware: Hardware): ContextFile[] {
  if (asked.host === undefined) {
    throw new AmunError('InvalidSpecification', 'advise.host is missing: nobody is configured.');
  }
  return [
    contextFile('advice', writeLines(switchesOf(asked, asked.host))),
    contextFile('thoth.yaml.template', template(asked, hardware)),
    contextFile('advise.sh', advise),
    contextFile('marks.sh', marks),
    contextFile('switches.sh', switches),
    contextFile('client.sh', client),
    contextFile('report.py', report),
  ];
}

function switchesOf(asked: Advise, host: string): string[] {
  const flag = (value: boolean): string => (value ? '1' : '0');
  return [
    `THOTH_HOST=${host}`,
    `THAMOS_RECOMMENDATION_TYPE=${asked.recommendation_type}`,
    `THOTH_DRY_RUN=${flag(asked.dry_run)}`,
    `THOTH_ERROR_FALLBACK=${flag(asked.fallback)}`,
    `THAMOS_FORCE=${flag(asked.force)}`,
  ];
}

/** Names in braces its client fills in, of the machine that builds and of its environment. */
function template({ recommendation_type }: Advise, hardware: Hardware): string {
  const { cpu_family: family = '{cpu_family}', cpu_model: model = '{cpu_model}' } = hardware;
  return `host: '{THOTH_HOST}'
tls_verify: {THOTH_TLS_VERIFY}
requirements_format: pipenv
runtime_environments:
  - name: '{runtime_environment_name}'
    operating_system:
      name: '{os_name}'
      version: '{os_version}'
    hardware:
      cpu_family: ${family}
      cpu_model: ${model}
      gpu_model: null
    python_version: '{python_version}'
    cuda_version: {cuda_version}
    platform: '{platform}'
    base_image: {base_image}
    recommendation_type: ${recommendation_type}
`;
}
