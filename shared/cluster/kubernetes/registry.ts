import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { BuilderOptions } from './options.js';

const TIMEOUT_MS = 3000;
const REFERENCE = /^([^/@\s]+)\/([^@\s]+)@(sha256:[0-9a-f]{64})$/;
const MANIFESTS = [
  'application/vnd.oci.image.index.v1+json',
  'application/vnd.oci.image.manifest.v1+json',
  'application/vnd.docker.distribution.manifest.v2+json',
  'application/vnd.docker.distribution.manifest.list.v2+json',
].join(', ');

/** True for a reference that a build of this cluster gave: its repository, by digest. */
export function isOwnImage(builder: BuilderOptions, image: string): boolean {
  return image.startsWith(`${builder.repository}@`) && REFERENCE.test(image);
}

/**
 * Whether the registry still has the image (a HEAD of its manifest, as the OCI distribution
 * specification has it). A registry that cannot be asked from here, because it is not reachable or
 * wants to be logged in to, is believed to have it: the nodes will find out.
 */
export async function isInRegistry(builder: BuilderOptions, image: string): Promise<boolean> {
  if (!isOwnImage(builder, image)) return false;
  const [, host = '', name = '', digest = ''] = REFERENCE.exec(image) ?? [];
  const scheme = builder.insecureRegistries.includes(host) ? 'http' : 'https';
  return (await headStatus(`${scheme}://${host}/v2/${name}/manifests/${digest}`)) !== 404;
}

/** undefined where there is no answer, or nobody to ask. */
function headStatus(url: string): Promise<number | undefined> {
  if (!URL.canParse(url)) return Promise.resolve(undefined);
  const send = url.startsWith('https:') ? httpsRequest : httpRequest;
  return new Promise((resolve) => {
    const signal = AbortSignal.timeout(TIMEOUT_MS);
    const headers = { accept: MANIFESTS };
    send(url, { method: 'HEAD', headers, signal, agent: false }, (response) => {
      response.resume();
      resolve(response.statusCode);
    })
      .on('error', () => resolve(undefined))
      .end();
  });
}
