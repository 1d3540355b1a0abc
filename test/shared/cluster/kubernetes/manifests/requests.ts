import type { BuildRequest, JobRequest } from '../../../../../shared/cluster/port.js';
import type { Requests } from '../../../../../shared/inspection/specification.js';

const PLAIN: Requests = { cpu: '500m', memory: '512Mi', hardware: {} };

/** Asks for everything that hardware can be. */
export const PICKY: Requests = {
  cpu: '2',
  memory: '1.5Gi',
  hardware: {
    ...{ cpu_family: 6, cpu_model: 85, physical_cpus: 2, gpu: 1 },
    processor: 'GenuineIntel',
  },
};

export function buildOf(requests: Requests = PLAIN, cacheKey?: string): BuildRequest {
  const file = (path: string, content: string) => ({ path, content, mode: 0o644 });
  return {
    id: `build-${'0123456789abcdef'.repeat(2)}-1`,
    context: {
      files: [
        file('Dockerfile', 'FROM registry.example.com/base:1\nRUN echo "$HOME"\n'),
        file('packages', 'jq\n'),
        file('operator-ca.pem', ''),
        file('operator.env', ''),
      ],
    },
    requests,
    timeoutSeconds: 3600,
    ...(cacheKey === undefined ? {} : { cacheKey }),
  };
}

export function jobOf(
  repository: string,
  requests: Requests = PLAIN,
  more: Partial<JobRequest> = {},
): JobRequest {
  return {
    id: 'inspection-test-0123456789abcdef',
    image: `${repository}@sha256:${'ab'.repeat(32)}`,
    batchSize: 2,
    files: [
      { path: '/amun/hwinfo.sh', content: 'echo {}\n', mode: 0o755 },
      { path: '/home/amun/script', content: '#!/bin/sh\necho $(id)\n', mode: 0o755 },
    ],
    init: ['/bin/sh', '/amun/hwinfo.sh'],
    command: ['/bin/sh', '/home/amun/script'],
    environment: [
      { name: 'HOME', value: '/home/amun' },
      { name: 'TRICKY', value: '$(HOME) $$ $HOME `id` "quoted"\n' },
    ],
    requests,
    timeoutSeconds: 900,
    ...more,
  };
}
