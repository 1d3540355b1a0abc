import { stringify } from 'smol-toml';
import type { Json, JsonObject, PythonStack, Specification } from '../inspection/specification.js';
import { adviceFiles } from './advice-files.js';
import { type BuildStep, contextFile } from './build-step.js';
import { writeLines } from './context-lines.js';
import { completeSources, type PackageSource, trustedHosts } from './package-sources.js';
import { stepScript } from './step-scripts.js';

/**
 * The step that installs a Pipfile.lock into the virtual environment /home/amun/venv: the one of the
 * specification, or the one that Thoth advises.
 */
export function pythonStackSteps(spec: Specification): BuildStep[] {
  if (spec.python === undefined) return [];
  const { pipfile, lock, sources, requires } = readStack(spec.python);
  const hosts = trustedHosts(sources);
  const stack = [
    contextFile('Pipfile', stringify(pipfile)),
    ...(lock === undefined
      ? []
      : [contextFile('Pipfile.lock', `${JSON.stringify(lock, null, 4)}\n`)]),
    ...(hosts.length > 0 ? [contextFile('trusted-hosts', writeLines(hosts))] : []),
  ];
  const { advise } = spec;
  const advised = advise === undefined ? [] : adviceFiles(advise, spec.run.requests.hardware);
  return [
    {
      title: advise === undefined ? 'Python stack' : 'Python stack, as Thoth advises',
      script: stepScript(
        advise === undefined ? 'install-python-stack.sh' : 'install-advised-stack.sh',
      ),
      data: [...stack, ...advised],
      options: [
        `--with=${spec.package_manager}`,
        ...pythonOption(requires.python_version),
        ...(spec.upgrade_pip ? ['--upgrade-pip'] : []),
      ],
      online: true,
    },
  ];
}

interface ReadStack {
  readonly pipfile: JsonObject;
  /** Absent where the advice is to bring it. */
  readonly lock: JsonObject | undefined;
  readonly sources: readonly PackageSource[];
  readonly requires: JsonObject;
}

/**
 * Both documents in the form that installers insist on: a lock without sources has the Pipfile's,
 * and fields that pipenv refuses a lock without, though it makes no use of them here, are there.
 */
function readStack({ requirements: pipfile, requirements_locked: lock }: PythonStack): ReadStack {
  const meta: JsonObject = {
    hash: { sha256: '' },
    'pipfile-spec': 6,
    requires: pipfile.requires ?? {},
    ...asObject(lock?._meta),
  };
  const sources = completeSources(meta.sources ?? pipfile.source);
  return {
    pipfile: { ...pipfile, source: completeSources(pipfile.source ?? meta.sources) },
    lock: lock && { develop: {}, ...lock, _meta: { ...meta, sources } },
    sources,
    requires: asObject(meta.requires),
  };
}

/** The Python that the stack was resolved for, where the image has several. */
function pythonOption(version: Json | undefined): string[] {
  return typeof version === 'string' && /^3\.\d{1,3}$/.test(version) ? [`--python=${version}`] : [];
}

function asObject(value: unknown): JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as JsonObject)
    : {};
}
