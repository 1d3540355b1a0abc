import type { JsonObject, Specification } from '../../shared/inspection/specification.js';
import { SERVICE_VERSION } from '../../shared/inspection/version.js';

/**
 * The specification as it is kept: with its defaults, and the keys that the server adds. Hardware
 * that nobody asked for is left out: Amun's clients take an object there for a complete one.
 */
export function storedSpecification(specification: Specification, created: string): JsonObject {
  // A JSON document of its own: the parser let nothing else through.
  const copy = JSON.parse(JSON.stringify(specification)) as JsonObject & Stages;
  for (const { requests } of [copy.build, copy.run]) {
    if (Object.keys(requests.hardware ?? {}).length === 0) delete requests.hardware;
  }
  return { ...copy, '@created': created, '@amun_service_version': SERVICE_VERSION };
}

interface Stages {
  readonly build: { readonly requests: { hardware?: JsonObject } };
  readonly run: { readonly requests: { hardware?: JsonObject } };
}
