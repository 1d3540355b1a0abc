import prettier from 'eslint-config-prettier';
import { createTypeScriptImportResolver } from 'eslint-import-resolver-typescript';
import { importX } from 'eslint-plugin-import-x';
import tseslint from 'typescript-eslint';

/** Who must not be imported by whom: one direction, from the edges to the domain. */
const ZONES = [
  {
    target: './shared',
    from: ['./functions', './services', './client', './cli', './test', './bench'],
  },
  { target: './functions', from: ['./services', './client', './cli', './test', './bench'] },
  { target: './services', from: ['./functions', './client', './cli', './test', './bench'] },
  { target: './cli', from: ['./functions', './services', './test', './bench'] },
  { target: './client', from: ['./functions', './services', './cli', './test', './bench'] },
  {
    target: './client',
    from: './shared',
    except: ['./api/generated', './inspection', './json'],
    message:
      'The client is a package of its own; all it shares are the document, the domain and how JSON is read.',
  },
  {
    target: './shared/inspection',
    from: './shared',
    except: ['./inspection', './errors'],
    message: 'The domain imports nothing but errors.',
  },
  {
    target: ['./shared/advice', './shared/dockerfile', './shared/run', './shared/events'],
    from: './shared',
    except: ['./inspection', './errors', './advice', './dockerfile', './run', './events'],
  },
  {
    target: ['./shared/cluster/port.ts', './shared/store/port.ts', './shared/bus/port.ts'],
    from: './shared',
    except: ['./inspection', './errors', './events'],
    message: 'A port knows the domain only, never an adapter.',
  },
  { target: './shared/errors', from: './shared', except: ['./errors'] },
];

export default tseslint.config(
  { ignores: ['dist/', 'coverage/', '**/generated/', '.amun/'] },
  {
    files: ['**/*.ts'],
    extends: [...tseslint.configs.strictTypeChecked],
    plugins: { 'import-x': importX },
    languageOptions: { parserOptions: { projectService: true } },
    settings: { 'import-x/resolver-next': [createTypeScriptImportResolver()] },
    rules: {
      'import-x/no-cycle': 'error',
      'import-x/no-restricted-paths': ['error', { zones: ZONES }],
      'max-lines': ['error', 200],
      'no-restricted-properties': [
        'error',
        { object: 'process', property: 'env', message: 'Read in shared/config alone.' },
      ],
      'no-restricted-syntax': [
        'error',
        {
          selector:
            "CallExpression[callee.object.name='AbortSignal'][callee.property.name='any'] CallExpression[callee.property.name='timeout']",
          message: 'In Node 20 such a timeout may be collected before it fires; use a timer.',
        },
      ],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
    },
  },
  {
    files: ['shared/config/**', 'test/**', 'bench/**'],
    rules: { 'no-restricted-properties': 'off' },
  },
  {
    // client-node declares the API's types as classes; manifests are plain JSON.
    files: ['shared/cluster/{kubernetes,openshift}/manifests/**'],
    rules: {
      '@typescript-eslint/no-unsafe-class-instance-assignment': 'off',
      '@typescript-eslint/no-misused-spread': 'off',
    },
  },
  {
    files: ['test/**', 'bench/**'],
    rules: {
      '@typescript-eslint/no-non-null-assertion': 'off',
      'max-lines': ['error', { max: 220, skipBlankLines: true, skipComments: true }],
    },
  },
  prettier,
);
