import type { Realkube } from '../../../realkube.js';

/** Makes a namespace, and waits for the account without which it takes no pods. */
export async function createNamespace(realkube: Realkube, name: string): Promise<void> {
  await realkube.kubectl(['create', 'namespace', name]);
  const account = ['-n', name, 'serviceaccount/default'];
  await realkube.kubectl(['wait', '--for=create', '--timeout=120s', ...account]);
}
