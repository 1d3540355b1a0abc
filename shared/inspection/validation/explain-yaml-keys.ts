import { isNode, isScalar, visit, type Document, type YAMLMap } from 'yaml';
import type { YamlProblem } from './explain-yaml-tokens.js';
import { quoteText } from './json-pointer.js';

/** The first field of a document that is there twice, or that is no plain text or number. */
export function explainYamlKeys(document: Document): YamlProblem | undefined {
  let problem: YamlProblem | undefined;
  visit(document, {
    Map(_, map) {
      problem = explainKeys(map);
      return problem === undefined ? undefined : visit.BREAK;
    },
  });
  return problem;
}

function explainKeys(map: YAMLMap): YamlProblem | undefined {
  const known = new Set<string>();
  for (const { key } of map.items) {
    const offset = (isNode(key) ? key.range?.[0] : undefined) ?? map.range?.[0] ?? 0;
    if (!isScalar(key) || (typeof key.value !== 'string' && typeof key.value !== 'number')) {
      return { offset, message: 'the name of a field must be plain text; put it in quotes' };
    }
    const name = String(key.value);
    if (known.has(name)) {
      return { offset, message: `the field ${quoteText(name)} is there twice; keep one` };
    }
    known.add(name);
  }
  return undefined;
}
