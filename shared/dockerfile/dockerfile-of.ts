import { AmunError } from '../errors/amun-error.js';
import type { BuildContext } from '../inspection/build-context.js';

/** The Dockerfile's name in a context. */
export const DOCKERFILE = 'Dockerfile';

/** The text of a context's Dockerfile, as people are shown it. */
export function dockerfileOf(context: BuildContext): string {
  const file = context.files.find(({ path }) => path === DOCKERFILE);
  if (file === undefined) throw new AmunError('Internal', 'This build context has no Dockerfile.');
  return file.content;
}
