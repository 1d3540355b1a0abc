import { createBuildContext } from '../../../shared/dockerfile/create-build-context.js';
import { identifyBuild } from '../../../shared/dockerfile/identify-build.js';
import { buildKey } from '../../../shared/inspection/identity.js';
import { parseSpecification } from '../../../shared/inspection/parse-specification.js';

const ADVISE = { host: 'thoth.example' };
const PYTHON = {
  requirements: { packages: { six: '*' } },
  requirements_locked: { _meta: {}, default: {} },
};
const keyOf = (fields: object): string =>
  identifyBuild(parseSpecification({ base: 'debian:12', python: PYTHON, ...fields }));

describe('identifyBuild', () => {
  it('is the key of the context where no advice is asked', () => {
    const plain = parseSpecification({ base: 'debian:12' });
    expect(identifyBuild(plain)).toBe(buildKey(createBuildContext(plain), plain.build.requests));
  });

  it.each<[string, object]>([
    ['advice', { advise: null }],
    ['host', { advise: { host: 'other.example' } }],
    ['recommendation_type', { advise: { ...ADVISE, recommendation_type: 'security' } }],
    ['dry_run', { advise: { ...ADVISE, dry_run: true } }],
    ['fallback', { advise: { ...ADVISE, fallback: false } }],
    ['hardware of the run', { advise: ADVISE, run: { requests: { hardware: { cpu_model: 85 } } } }],
  ])('another %s is another build', (_, fields) => {
    expect(keyOf(fields)).not.toBe(keyOf({ advise: ADVISE }));
  });

  it('asking anew is the same stack, and asks anew', () => {
    const forced = { advise: { ...ADVISE, force: true } };
    expect(keyOf(forced)).toBe(keyOf({ advise: ADVISE }));
    const { files } = createBuildContext(
      parseSpecification({ base: 'debian:12', python: PYTHON, ...forced }),
    );
    expect(files.find(({ path }) => path === 'advice')?.content).toContain('THAMOS_FORCE=1\n');
  });
});
