import { cp, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'smol-toml';
import type { JsonObject } from '../../shared/inspection/specification.js';
import type { AdvisedStack } from '../thoth/answer.js';

/**
 * Copies the example; with NumPy in the place of TensorFlow unless that is wanted, since it is small
 * and the benchmark can measure it as well. `root` is the checkout.
 */
export async function copyExample(
  root: string,
  target: string,
  tensorflow: boolean,
): Promise<void> {
  await cp(join(root, 'examples/s2i-tensorflow'), target, { recursive: true });
  if (tensorflow) return;
  for (const name of ['Pipfile', 'Pipfile.lock']) {
    await cp(join(root, 'test/s2i/small-stack', name), join(target, name));
  }
}

/** What the stand-in recommends for it: another NumPy; TensorFlow's lock as it is. */
export async function recommend(root: string, tensorflow: boolean): Promise<AdvisedStack> {
  const folder = join(root, tensorflow ? 'examples/s2i-tensorflow' : 'test/s2i/small-stack');
  const lock = join(folder, tensorflow ? 'Pipfile.lock' : 'advised.lock');
  const { name, version } = tensorflow
    ? { name: 'tensorflow', version: 'the locked version' }
    : { name: 'numpy', version: '1.26.4' };
  return {
    requirements: parse(await readFile(join(folder, 'Pipfile'), 'utf8')) as JsonObject,
    requirementsLocked: JSON.parse(await readFile(lock, 'utf8')) as JsonObject,
    score: 1,
    stackInfo: [{ type: 'INFO', message: 'This is a stand-in for Thoth', link: '' }],
    justification: [
      {
        type: 'INFO',
        message: `${name}: ${version} is the newest of its line that runs on this Python`,
        link: '',
      },
    ],
  };
}
