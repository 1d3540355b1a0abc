/**
 * Unit tests; apart from them the tests that start servers or containers, and those that start a
 * whole Kubernetes (see scripts/test.js).
 */
const shared = {
  testEnvironment: 'node',
  extensionsToTreatAsEsm: ['.ts'],
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
  moduleFileExtensions: ['ts', 'js', 'cjs', 'json'],
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      { jsc: { target: 'es2022', experimental: { keepImportAttributes: true } } },
    ],
    '\\.(sh|py)$': '<rootDir>/scripts/shell-transform.cjs',
  },
  modulePathIgnorePatterns: ['<rootDir>/dist', '<rootDir>/.amun'],
};

export default {
  coverageProvider: 'v8',
  // Bounds a test that hangs; a loaded machine is slow, and speed is not what tests are about.
  testTimeout: 120_000,
  projects: [
    {
      ...shared,
      displayName: 'unit',
      testMatch: [
        '<rootDir>/test/{shared,functions,services,client,cli,scripts,deploy,examples}/**/*.test.ts',
      ],
      testPathIgnorePatterns: ['\\.(real|cluster)\\.test\\.ts$'],
    },
    {
      ...shared,
      displayName: 'real',
      testMatch: ['<rootDir>/test/**/*.real.test.ts', '<rootDir>/test/e2e/**/*.test.ts'],
      testPathIgnorePatterns: ['\\.cluster\\.test\\.ts$'],
    },
    {
      ...shared,
      displayName: 'cluster',
      testMatch: ['<rootDir>/test/**/*.cluster.test.ts'],
    },
  ],
};
