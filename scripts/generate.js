// Makes the code that is not written by hand. Extended by each generator below.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { generateApi } from './generate-api.js';
import { areCurrent, bundleCode, replaceFile, stampOf } from './generated-file.js';
import { ROOT as root } from './root.js';

/** Writes every generated file that is missing or older than what it is made from. */
export async function generate() {
  await generateSpecificationValidator();
  await generateApi();
}

/** The specification's schema as a validator that needs no compiler, and nothing of ajv, at run time. */
async function generateSpecificationValidator() {
  const schemaText = await readFile(
    join(root, 'shared/inspection/specification.schema.json'),
    'utf8',
  );
  const folder = join(root, 'shared/inspection/generated');
  const code = join(folder, 'validate-specification.js');
  const types = join(folder, 'validate-specification.d.ts');
  const generator = await readFile(fileURLToPath(import.meta.url), 'utf8');
  const ajvManifest = await readFile(join(root, 'node_modules/ajv/package.json'), 'utf8');
  const stamp = stampOf([generator, ajvManifest, schemaText]);
  if (await areCurrent([code, types], stamp)) return;

  const schema = JSON.parse(schemaText);
  const { default: Ajv } = await import('ajv/dist/2020.js');
  const { default: standaloneCode } = await import('ajv/dist/standalone/index.js');
  const ajv = new Ajv.default({
    allErrors: true,
    strict: true,
    allowUnionTypes: true,
    code: { source: true, esm: true },
  });
  const source = standaloneCode.default(ajv, ajv.compile(schema));
  const contents = `${source}\nexport const schema = ${JSON.stringify(schema)};\n`;
  const text = await bundleCode(contents, 'validate-specification.js', root);
  await replaceFile(code, `${stamp}\n${text}`);
  await replaceFile(types, `${stamp}\n${VALIDATOR_TYPES}`);
}

const VALIDATOR_TYPES = `import type { ErrorObject } from 'ajv';

/** True for a specification that fits the schema; else \`validate.errors\` says why not. */
export declare const validate: {
  (data: unknown): boolean;
  errors?: ErrorObject[] | null;
};

/** The schema itself. */
export declare const schema: { readonly [key: string]: unknown };
`;

if (process.argv[1] === fileURLToPath(import.meta.url)) await generate();
