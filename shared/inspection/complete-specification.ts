import type {
  Advise,
  Hardware,
  Labels,
  PythonStack,
  Requests,
  Specification,
} from './specification.js';
import { normalisePath } from './rules/check-files.js';
import { isEmptyPart } from './rules/check-python-stack.js';
import { scriptUrl } from './script-url.js';
import type {
  SentPythonStack,
  SentSpecification,
  SentStage,
} from './validation/sent-specification.js';

/** What a build or run gets that asks for nothing. Kubernetes quantities. */
const DEFAULT_CPU = '500m';
const DEFAULT_MEMORY = '256Mi';

/** Fills in every default and writes what may be written in several ways in one. */
export function completeSpecification(sent: SentSpecification): Specification {
  const python = completePython(sent.python);
  return {
    base: sent.base,
    ...(sent.identifier === undefined ? {} : { identifier: sent.identifier }),
    ...completeLabels(sent.labels),
    packages: sent.packages ?? [],
    python_packages: (sent.python_packages ?? []).map((requirement) => requirement.trim()),
    ...(python === undefined ? {} : { python }),
    ...(sent.advise === undefined ? {} : { advise: completeAdvise(sent.advise) }),
    package_manager: sent.package_manager ?? 'micropipenv',
    files: (sent.files ?? []).map(({ path, content }) => ({ path: normalisePath(path), content })),
    environment: sent.environment ?? [],
    ...(sent.script === undefined ? {} : { script: scriptUrl(sent.script) ?? sent.script }),
    batch_size: sent.batch_size ?? 1,
    build: { requests: completeRequests(sent.build) },
    run: { requests: completeRequests(sent.run) },
    update: sent.update ?? false,
    upgrade_pip: sent.upgrade_pip ?? false,
    send_messages: sent.send_messages ?? true,
    force_sync: sent.force_sync ?? false,
    force: sent.force ?? false,
  };
}

/** None at all is the same as no labels. */
function completeLabels(labels: Labels = {}): { labels?: Labels } {
  return Object.keys(labels).length === 0 ? {} : { labels };
}

/** A half that is empty counts as absent; only with advice may the lock be. */
function completePython(sent: SentPythonStack | undefined): PythonStack | undefined {
  const { requirements, requirements_locked, ...kept } = sent ?? {};
  if (requirements === undefined || isEmptyPart(requirements)) return undefined;
  if (requirements_locked === undefined || isEmptyPart(requirements_locked)) {
    return { ...kept, requirements };
  }
  return { ...kept, requirements, requirements_locked };
}

function completeAdvise({ host, ...sent }: Partial<Advise>): Advise {
  return {
    ...(host === undefined ? {} : { host: host.toLowerCase() }),
    recommendation_type: sent.recommendation_type ?? 'performance',
    dry_run: sent.dry_run ?? false,
    fallback: sent.fallback ?? true,
    force: sent.force ?? false,
  };
}

function completeRequests(stage: SentStage | undefined): Requests {
  const { cpu, memory, hardware } = stage?.requests ?? {};
  return {
    cpu: String(cpu ?? DEFAULT_CPU),
    memory: String(memory ?? DEFAULT_MEMORY),
    hardware: completeHardware(hardware ?? {}),
  };
}

/** No GPU is what every machine has: it is asked for by not asking. */
function completeHardware({ gpu, ...hardware }: Hardware): Hardware {
  return gpu === undefined || gpu === 0 ? hardware : { ...hardware, gpu };
}
