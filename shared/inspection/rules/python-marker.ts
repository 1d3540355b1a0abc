const VARIABLES = new Set([
  'python_version',
  'python_full_version',
  'os_name',
  'sys_platform',
  'platform_release',
  'platform_system',
  'platform_version',
  'platform_machine',
  'platform_python_implementation',
  'implementation_name',
  'implementation_version',
  'extra',
]);

const TOKEN = / *([()]|===|==|~=|!=|<=|>=|<|>|not +in\b|[a-z_]+|'[^'\\]*'|"[^"\\]*")/y;
const OPERATORS = /^(?:===|==|~=|!=|<=|>=|<|>|in|not +in)$/;

/**
 * Why a text is no PEP 508 environment marker ("python_version < '3.9' and extra == 'x'"), as the
 * end of a sentence; undefined where it is one.
 */
export function explainMarker(text: string): string | undefined {
  const tokens = tokenise(text);
  if (tokens === undefined) return COMPLAINT;
  // Any mix of "and", "or" and parentheses over comparisons is a marker, so counting them will do.
  let open = 0;
  let wantsComparison = true;
  for (let index = 0; index < tokens.length;) {
    const token = tokens[index] ?? '';
    if (wantsComparison && token === '(') {
      open += 1;
      index += 1;
    } else if (wantsComparison) {
      if (!isComparison(tokens.slice(index, index + 3))) return COMPLAINT;
      wantsComparison = false;
      index += 3;
    } else {
      if (token === ')') open -= 1;
      else if (token === 'and' || token === 'or') wantsComparison = true;
      else return COMPLAINT;
      if (open < 0) return COMPLAINT;
      index += 1;
    }
  }
  return wantsComparison || open > 0 ? COMPLAINT : undefined;
}

const COMPLAINT = `what follows the ; must be a marker such as "python_version < '3.9'"`;

function tokenise(text: string): string[] | undefined {
  const tokens: string[] = [];
  const end = text.trimEnd().length;
  let position = 0;
  while (position < end) {
    TOKEN.lastIndex = position;
    const found = TOKEN.exec(text);
    if (found?.[1] === undefined) return undefined;
    tokens.push(found[1]);
    position = TOKEN.lastIndex;
  }
  return tokens;
}

function isComparison([left = '', operator = '', right = '']: readonly string[]): boolean {
  return OPERATORS.test(operator) && isOperand(left) && isOperand(right);
}

function isOperand(token: string): boolean {
  return /^['"]/.test(token) || VARIABLES.has(token);
}
