// Writes docs/api.md of the API's document; with --check only says whether it is as it should be.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { format, resolveConfig } from 'prettier';
import { replaceFile } from './generated-file.js';
import { readApiDocument } from './read-api-document.js';
import { renderApi } from './render-api.js';
import { ROOT as root } from './root.js';

const file = join(root, 'docs/api.md');
const options = { ...(await resolveConfig(file)), parser: 'markdown' };
const wanted = await format(renderApi(await readApiDocument()), options);
if (!process.argv.includes('--check')) {
  await replaceFile(file, wanted);
} else if ((await readFile(file, 'utf8').catch(() => '')) !== wanted) {
  console.error(
    'docs/api.md is not what shared/api/openapi says; run npm run docs, and commit it.',
  );
  process.exitCode = 1;
}
