import { access, chmod, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { orUndefined } from '../../shared/cluster/local/atomic-file.js';
import { emptyOperatorFiles, withOperatorFiles } from '../../shared/dockerfile/operator-files.js';
import type { Operator } from './operator.js';

/**
 * Fills those of the operator's files that a build context has room for; a context without them
 * stays as it is.
 */
export async function placeOperatorFiles(context: string, operator: Operator): Promise<void> {
  const { caBundle, environment } = operator;
  const pem = caBundle === undefined ? {} : { caBundle: await readFile(caBundle, 'utf8') };
  const { files } = withOperatorFiles({ files: emptyOperatorFiles() }, { ...pem, environment });
  for (const file of files) {
    const target = path.join(context, file.path);
    if ((await orUndefined(access(target).then(() => true))) === undefined) continue;
    await writeFile(target, file.content);
    await chmod(target, file.mode);
  }
}
