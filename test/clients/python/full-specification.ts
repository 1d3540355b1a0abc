import type { Generation } from './amun-package.js';

/** Hardware as the clients' models say it: all of it, or none. */
export const HARDWARE = {
  cpu_family: 6,
  cpu_model: 85,
  processor: 'GenuineIntel',
  physical_cpus: 32,
};

/** A specification with every field of a generation's model, made of its own models. */
export function specifyFully(generation: Generation): object {
  const stage = (name: 'Build' | 'Run') => {
    const model = `InspectionSpecification${name}`;
    const hardware = { model: `${model}RequestsHardware`, fields: HARDWARE };
    const requests = { cpu: '1', memory: '1Gi', hardware };
    return { model, fields: { requests: { model: `${model}Requests`, fields: requests } } };
  };
  const later = { batch_size: 3, package_manager: 'micropipenv' };
  const between = { parallelism: 2, allowed_failures: 3 };
  const lock = { _meta: { sources: [] }, default: { six: { version: '==1.16.0' } }, develop: {} };
  return {
    model: 'InspectionSpecification',
    fields: {
      base: 'debian:12',
      identifier: 'everything',
      packages: ['jq'],
      python_packages: ['six'],
      python: {
        model: 'InspectionSpecificationPython',
        fields: { requirements: { packages: { six: '*' } }, requirements_locked: lock },
      },
      files: [{ model: 'InspectionSpecificationFiles', fields: { path: '/opt/a', content: 'b' } }],
      environment: [
        { model: 'InspectionSpecificationEnvironment', fields: { name: 'A', value: 'b' } },
      ],
      script: 'https://example.org/script.py',
      build: stage('Build'),
      run: stage('Run'),
      update: true,
      ...(generation === '0.3.8' ? {} : later),
      ...(generation === '0.4.3' ? between : {}),
    },
  };
}
