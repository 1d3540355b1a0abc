import { readFileSync } from 'node:fs';
import { identifyBuild } from '../../shared/dockerfile/identify-build.js';
import { parseSpecification } from '../../shared/inspection/parse-specification.js';
import { parseYaml } from '../../shared/inspection/parse-yaml.js';
import { allowAdvice } from '../../shared/lifecycle/allow-advice.js';

test('examples/advise.yaml is a specification that a configured Thoth makes whole', () => {
  const specification = parseSpecification(parseYaml(readFileSync('examples/advise.yaml', 'utf8')));
  expect(() => identifyBuild(specification)).toThrow('advise.host is missing');
  const thoth = { host: 'thoth.example', hosts: ['thoth.example'] };
  expect(identifyBuild(allowAdvice({ thoth }, specification))).toMatch(/^[0-9a-f]{32}$/);
});
