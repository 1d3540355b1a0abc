import { Composer, LineCounter, Parser, type CST, type Document } from 'yaml';
import { AmunError, type AmunErrorOptions } from '../errors/amun-error.js';
import { MAX_DEPTH, MAX_VALUES, MAX_YAML_ALIASES, MAX_YAML_LENGTH } from './limits.js';
import { checkJson } from './validation/check-json.js';
import { explainYamlKeys } from './validation/explain-yaml-keys.js';
import { explainYamlTokens, type YamlProblem } from './validation/explain-yaml-tokens.js';

/** Aliases repeat what they name, so what comes out may be larger than what went in. */
const LIMITS = { maxDepth: 2 * MAX_DEPTH, maxValues: MAX_VALUES, maxBytes: 4 * MAX_YAML_LENGTH };

/**
 * The value of one YAML 1.2 document (core schema), of which JSON is a part. Throws InvalidRequest
 * with line and column for what is no YAML, for a field that is there twice, for fields that are
 * no text, tags, several documents, and for what would take a parser minutes; TooLarge for more
 * than MAX_YAML_LENGTH characters.
 */
export function parseYaml(text: string): unknown {
  if (text.length > MAX_YAML_LENGTH) {
    const message = `The document has more than ${MAX_YAML_LENGTH} characters; make it smaller.`;
    throw new AmunError('TooLarge', message);
  }
  const lines = new LineCounter();
  const tokens = [...new Parser(lines.addNewLine).parse(text)];
  refuse(
    explainYamlTokens(tokens, { maxDepth: MAX_DEPTH * 2, maxAliases: MAX_YAML_ALIASES }),
    lines,
  );
  const document = compose(tokens, text.length, lines);
  refuse(explainYamlKeys(document), lines);
  const value = toValue(document);
  const unfit = checkJson(value, LIMITS);
  if (unfit === undefined) return value;
  throw invalid(unfit.message, { details: [unfit] });
}

function compose(tokens: CST.Token[], length: number, lines: LineCounter): Document {
  const composer = new Composer({
    version: '1.2',
    schema: 'core',
    prettyErrors: false,
    lineCounter: lines,
    // The package compares each key with every other; explainYamlKeys looks each up once.
    uniqueKeys: false,
  });
  const [document, ...others] = [...composer.compose(tokens, true, length)];
  if (document === undefined || others.length > 0) {
    throw invalid('it holds several documents; send one at a time');
  }
  const problem = document.errors[0] ?? document.warnings[0];
  if (problem) refuse({ offset: problem.pos[0], message: problem.message }, lines);
  return document;
}

function toValue(document: Document): unknown {
  try {
    return document.toJS({ maxAliasCount: MAX_YAML_ALIASES }) as unknown;
  } catch (cause) {
    throw invalid('its aliases cannot be followed; write out what they stand for', { cause });
  }
}

function refuse(problem: YamlProblem | undefined, lines: LineCounter): void {
  if (problem === undefined) return;
  const { line, col } = lines.linePos(problem.offset);
  throw invalid(`line ${line}, column ${col}: ${problem.message}`);
}

function invalid(why: string, options: AmunErrorOptions = {}): AmunError {
  const sentence = `The document is not accepted as YAML: ${why}`;
  return new AmunError(
    'InvalidRequest',
    sentence.endsWith('.') ? sentence : `${sentence}.`,
    options,
  );
}
