import type { JsonObject } from '../../shared/inspection/specification.js';
import type { Analysis } from './analyses.js';
import type { AdvisedStack } from './answer.js';

/** The document of an analysis that has ended; every field is there that a client insists on. */
export function resultDocument(analysis: Analysis): JsonObject {
  return { metadata: metadata(analysis), result: result(analysis) };
}

function result({ answer }: Analysis): JsonObject {
  if (answer.kind === 'advice') {
    return { error: false, error_msg: null, parameters: {}, report: report(answer.stack) };
  }
  if (answer.kind === 'provenance') {
    const parameters = { project: emptyProject(), whitelisted_sources: [] };
    return { error: false, error_msg: null, parameters, report: [...answer.findings] };
  }
  const message = answer.kind === 'unsolvable' ? answer.message : '';
  return { error: true, error_msg: message, parameters: {}, report: null };
}

function report(stack: AdvisedStack): JsonObject {
  return {
    stack_info: entries(stack.stackInfo),
    pipeline: { boots: [], pseudonyms: [], sieves: [], steps: [], strides: [], wraps: [] },
    products: [
      {
        project: {
          requirements: stack.requirements,
          requirements_locked: stack.requirementsLocked,
          constraints: [],
          runtime_environment: {},
        },
        justification: entries(stack.justification),
        score: stack.score ?? 0,
        dependency_graph: { nodes: [], edges: [] },
        advised_manifest_changes: [],
      },
    ],
  };
}

function entries(list: AdvisedStack['justification'] = []): JsonObject[] {
  return list.map((entry) => ({ ...entry }));
}

function emptyProject(): JsonObject {
  return { constraints: [], requirements: {}, requirements_locked: {}, runtime_environment: {} };
}

function metadata({ id, startedAt }: Analysis): JsonObject {
  return {
    analyzer: 'thoth-adviser',
    analyzer_version: '0.0.0',
    api_version: 'v1',
    arguments: {},
    datetime: new Date(startedAt).toISOString(),
    distribution: {
      codename: '',
      id: 'debian',
      like: '',
      version: '12',
      version_parts: { build_number: '', major: '12', minor: '' },
    },
    document_id: id,
    duration: 1,
    hostname: 'stand-in',
    os_release: {},
    python: {
      api_version: 1013,
      implementation_name: 'cpython',
      major: 3,
      minor: 11,
      micro: 0,
      releaselevel: 'final',
      serial: 0,
    },
    thoth_deployment_name: 'stand-in',
    timestamp: Math.floor(startedAt / 1000),
  };
}
