import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { stringify } from 'yaml';
import { describeWithKubectl, podSpec, render, workloads } from './kustomize.js';

describeWithKubectl()('deploy/components/export', () => {
  let site: string;
  beforeAll(() => {
    site = mkdtempSync(join(tmpdir(), 'amun-site-'));
    const here = (folder: string) => relative(site, join(process.cwd(), 'deploy', folder));
    const kustomization = {
      resources: [here('standalone')],
      components: [here('components/export')],
      configMapGenerator: [
        { name: 'amun', namespace: 'amun', behavior: 'merge', literals: ['AMUN_S3_BUCKET=thoth'] },
      ],
      secretGenerator: [
        { name: 'amun-s3', namespace: 'amun', literals: ['AMUN_S3_ACCESS_KEY_ID=id'] },
        { name: 'amun-nats-token', namespace: 'amun', literals: ['amun-nats-token=x'] },
      ],
    };
    writeFileSync(join(site, 'kustomization.yaml'), stringify(kustomization));
  });
  afterAll(() => rmSync(site, { recursive: true }));

  it('gives the credentials to those that export, and the bucket to all', () => {
    const manifests = render(site);
    const secret = manifests.find(
      ({ kind, metadata }) => kind === 'Secret' && metadata.name.startsWith('amun-s3-'),
    );
    const settings = manifests.find(({ data }) => data?.['AMUN_S3_BUCKET'] === 'thoth');
    expect(secret).toBeDefined();
    expect(settings).toBeDefined();
    const programs = workloads(manifests).filter(({ kind }) => kind === 'Deployment');
    for (const program of programs) {
      const { name } = program.metadata;
      const isExporting = ['on-build-complete', 'on-job-complete'].includes(name);
      expect([name, podSpec(program).containers[0]]).toMatchObject([
        name,
        {
          envFrom: [
            { configMapRef: { name: settings?.metadata.name } },
            ...(isExporting ? [{ secretRef: { name: secret?.metadata.name } }] : []),
          ],
        },
      ]);
    }
    expect(programs).toHaveLength(7);
  });
});
