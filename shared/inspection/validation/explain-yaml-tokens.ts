import type { CST } from 'yaml';

/** What is wrong in a YAML document, and where, as an offset in characters. */
export interface YamlProblem {
  readonly offset: number;
  readonly message: string;
}

export interface YamlLimits {
  readonly maxDepth: number;
  readonly maxAliases: number;
}

/**
 * What would hurt whoever composes these tokens: the package calls itself for each level of
 * nesting (some hundreds end the process) and searches the whole document for each alias.
 */
export function explainYamlTokens(
  tokens: readonly CST.Token[],
  { maxDepth, maxAliases }: YamlLimits,
): YamlProblem | undefined {
  let aliases = 0;
  const waiting = tokens.map((token) => ({ token, depth: 0 }));
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const { token, depth } = next;
    if (depth > maxDepth) {
      const message = `values lie more than ${maxDepth} deep in each other; make it flatter`;
      return { offset: token.offset, message };
    }
    if (token.type === 'alias' && (aliases += 1) > maxAliases) {
      const message = `there are more than ${maxAliases} aliases; write out what they stand for`;
      return { offset: token.offset, message };
    }
    for (const child of childrenOf(token)) waiting.push({ token: child, depth: depth + 1 });
  }
  return undefined;
}

function childrenOf(token: CST.Token): CST.Token[] {
  if (token.type === 'document') return token.value === undefined ? [] : [token.value];
  if (!('items' in token)) return [];
  return token.items.flatMap(({ key, value }) =>
    [key, value].filter((child) => child !== undefined && child !== null),
  );
}
