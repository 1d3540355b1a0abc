import { readFileSync } from 'node:fs';
import {
  namesIn,
  parseTemplate,
  processTemplate,
  type TemplateObject,
} from './process-template.js';

const template = parseTemplate(readFileSync('examples/s2i-tensorflow/openshift.yaml', 'utf8'));
const REQUIRED = {
  SOURCE_REPOSITORY_URL: 'https://git.example/benchmark.git',
  THOTH_HOST: 'thoth.example',
};
const find = (objects: readonly TemplateObject[], kind: string): TemplateObject =>
  objects.find((object) => object.kind === kind)!;

describe('openshift.yaml', () => {
  it('is a template whose parameters are those that its objects name', () => {
    expect(template.kind).toBe('Template');
    const names = template.parameters.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    expect([...namesIn(template.objects)].sort()).toEqual([...names].sort());
  });

  it('leaves no parameter unresolved', () => {
    expect(namesIn(processTemplate(template, REQUIRED))).toEqual(new Set());
  });

  it.each(Object.keys(REQUIRED))('insists on %s', (name) => {
    expect(() => processTemplate(template, { ...REQUIRED, [name]: '' })).toThrow(name);
  });

  it('has the parts of a build and of a run, each labelled for its removal', () => {
    const objects = processTemplate(template, { ...REQUIRED, APPLICATION_NAME: 'mine' });
    expect(objects.map(({ kind, metadata }) => `${kind} ${metadata.name}`)).toEqual([
      'ImageStream mine-builder',
      'ImageStream mine',
      'BuildConfig mine',
      'Deployment mine',
    ]);
    for (const { metadata } of objects) expect(metadata.labels).toEqual({ app: 'mine' });
  });

  it('builds from the source with the builder’s stream, and rolls out what was built', () => {
    const objects = processTemplate(template, REQUIRED);
    expect(find(objects, 'BuildConfig').spec).toMatchObject({
      source: { type: 'Git', git: { uri: REQUIRED.SOURCE_REPOSITORY_URL } },
      strategy: {
        type: 'Source',
        sourceStrategy: { from: { kind: 'ImageStreamTag', name: 's2i-tensorflow-builder:latest' } },
      },
      output: { to: { kind: 'ImageStreamTag', name: 's2i-tensorflow:latest' } },
      triggers: [{ type: 'ConfigChange' }, { type: 'ImageChange', imageChange: {} }],
    });
    const { metadata, spec } = find(objects, 'Deployment');
    const triggers = metadata.annotations?.['image.openshift.io/triggers'] ?? '';
    expect(JSON.parse(triggers)).toEqual([
      {
        from: { kind: 'ImageStreamTag', name: 's2i-tensorflow:latest' },
        fieldPath: 'spec.template.spec.containers[?(@.name=="benchmark")].image',
      },
    ]);
    expect(spec).toMatchObject({ template: { spec: { containers: [{ name: 'benchmark' }] } } });
  });

  it('runs on such nodes as it was built on', () => {
    const objects = processTemplate(template, { ...REQUIRED, ARCHITECTURE: 'arm64' });
    const selector = { 'kubernetes.io/arch': 'arm64' };
    expect(find(objects, 'BuildConfig').spec['nodeSelector']).toEqual(selector);
    expect(find(objects, 'Deployment').spec).toMatchObject({
      template: { spec: { nodeSelector: selector } },
    });
  });

  it('gives the build its switches as parameters of the same name', () => {
    const switches = template.parameters.filter(({ name }) => /^TH(OTH|AMOS)_/.test(name));
    const given = Object.fromEntries(switches.map(({ name }) => [name, `value of ${name}`]));
    const build = find(processTemplate(template, { ...REQUIRED, ...given }), 'BuildConfig');
    const strategy = (build.spec['strategy'] as { sourceStrategy: { env: unknown } })
      .sourceStrategy;
    expect(strategy.env).toEqual(Object.entries(given).map(([name, value]) => ({ name, value })));
  });
});
