import { findProgram } from '../find-program.js';
import type { Finding, Machine } from './finding.js';
import { remedyFor } from './packages.js';
import { reachRegistry, REGISTRY } from './reach-registry.js';

/** Whether base images can be had: from the registry, or made here by debootstrap. */
export async function checkBaseImages(
  machine: Machine,
  reach: () => Promise<boolean>,
): Promise<Finding> {
  const name = 'base images';
  if (await reach()) {
    return { name, ok: true, needed: false, detail: `${REGISTRY} answers` };
  }
  const detail = `${REGISTRY} does not answer: only images that are on this machine can be used`;
  if (findProgram('debootstrap', machine.path, machine.systemFolders) === undefined) {
    return { name, ok: false, needed: false, detail, ...(await remedyFor('debootstrap', machine)) };
  }
  const remedy = 'node scripts/make-base-image.js makes localhost/amun-base:bookworm';
  return { name, ok: false, needed: false, detail, remedy };
}

/** The real registry, through the operator's proxy. */
export function reachWith(environment: Readonly<Record<string, string>>): () => Promise<boolean> {
  return () => reachRegistry(environment['HTTPS_PROXY']);
}
