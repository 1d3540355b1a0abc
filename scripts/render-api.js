// The API's document as Markdown for people.
import { operationsOf, resolve } from './read-api-document.js';
import { capitalise, describeType, renderSchemas } from './render-api-schemas.js';

const PREFIX = '/api/v1';
const EXAMPLE_SERVER = 'http://127.0.0.1:8080';

/** The whole of docs/api.md. */
export function renderApi(document) {
  const operations = operationsOf(document);
  const sections = document.tags.map(({ name, description }) => {
    const own = operations.filter(({ operation }) => operation.tags.includes(name));
    const parts = own.map((each) => renderOperation(document, each));
    return `## ${capitalise(name)}\n\n${description}\n\n${parts.join('\n')}`;
  });
  return [
    '<!-- Made by npm run docs of shared/api/openapi. -->',
    '# API',
    document.info.description.trim(),
    `A running gateway serves this as an OpenAPI document at \`${PREFIX}/openapi.json\` and \`${PREFIX}/openapi.yaml\`, and in a browser at \`${PREFIX}/ui\`. Fields of a specification are in [specification.md](specification.md), events in [events.md](events.md).`,
    renderOverview(operations),
    renderCommon(document),
    ...sections,
    renderErrors(document),
    renderSchemas(document),
    '',
  ].join('\n\n');
}

function renderOverview(operations) {
  const rows = operations.map(
    ({ method, path, operation }) =>
      `| [\`${method.toUpperCase()} ${path}\`](#${anchor(method, path)}) | ${operation.summary} |`,
  );
  return `All paths begin with \`${PREFIX}\`.\n\n| Operation | |\n| --- | --- |\n${rows.join('\n')}`;
}

/** As GitHub makes it of a heading. */
function anchor(method, path) {
  return `${method} ${path}`
    .toLowerCase()
    .replace(/[^\w\- ]/g, '')
    .replaceAll(' ', '-');
}

function renderOperation(document, { method, path, operation, parameters }) {
  const answers = Object.entries(operation.responses)
    .filter(([, response]) => !commonAnswers(document).has(response.$ref))
    .map(([status, response]) => [status, resolve(document, response)]);
  const own = answers.filter(([status]) => status.startsWith('2'));
  const rest = answers.filter(([status]) => !status.startsWith('2'));
  return [
    `### ${method.toUpperCase()} ${path}`,
    `${operation.summary}. ${operation.description.trim()}`,
    renderParameters(document, parameters),
    renderBody(document, operation.requestBody),
    `\`\`\`sh\n${curl(
      method,
      path,
      parameters.map((one) => resolve(document, one)),
      operation.requestBody,
    )}\n\`\`\``,
    ...own.map(([status, response]) => renderAnswer(document, status, response)),
    renderRest(rest),
  ]
    .filter((part) => part !== '')
    .join('\n\n');
}

function renderRest(answers) {
  const lines = answers.map(([status, { description }]) => `- **${status}**: ${description}`);
  return `${lines.join('\n')}\n`;
}

/** References of answers that every operation, or every GET, may give: told once. */
function commonAnswers(document) {
  const used = (operations) =>
    operations
      .map(({ operation }) => Object.values(operation.responses).map(({ $ref }) => $ref))
      .map((refs) => new Set(refs.filter(Boolean)))
      .reduce((left, right) => new Set([...left].filter((ref) => right.has(ref))));
  const operations = operationsOf(document);
  const questions = operations.filter(({ method }) => method === 'get');
  return new Set([...used(operations), ...used(questions)]);
}

function renderCommon(document) {
  const statuses = new Map(
    operationsOf(document).flatMap(({ operation }) =>
      Object.entries(operation.responses).map(([status, { $ref }]) => [$ref, status]),
    ),
  );
  const lines = [...commonAnswers(document)]
    .map(($ref) => [statuses.get($ref), resolve(document, { $ref }).description])
    .sort(([left], [right]) => left - right)
    .map(([status, description]) => `- **${status}**: ${description}`);
  return `Any operation may answer (304 only those of GET):\n\n${lines.join('\n')}`;
}

function renderParameters(document, parameters) {
  if (parameters.length === 0) return '';
  const rows = parameters.map((given) => {
    const { name, in: place, description, schema } = resolve(document, given);
    const type = describeType(document, schema);
    const fallback = schema.default === undefined ? '' : ` Default: \`${schema.default}\`.`;
    return `| \`${name}\` | ${place} | ${type} | ${description}${fallback} |`;
  });
  return `| Parameter | in | Type | |\n| --- | --- | --- | --- |\n${rows.join('\n')}`;
}

function renderBody(document, body) {
  if (body === undefined) return '';
  const [[type, { schema, examples }]] = Object.entries(resolve(document, body).content);
  const [example] = Object.values(examples ?? {}).map((one) => resolve(document, one).value);
  return `Body: ${describeType(document, schema)} as \`${type}\`.\n\n${renderValue(type, example)}`;
}

function renderAnswer(document, status, { description, content }) {
  const kinds = Object.entries(content ?? {}).map(([type, { schema, examples }]) => {
    const [first] = Object.values(examples ?? {}).map((one) => resolve(document, one).value);
    return `${describeType(document, schema)} as \`${type}\`\n\n${renderValue(type, first)}`;
  });
  return `**${status}**: ${description}${kinds.length === 0 ? '' : ` ${capitalise(kinds.join('\n\n'))}`}`;
}

function renderValue(type, value) {
  if (value === undefined) return '';
  const isText = typeof value === 'string';
  const language = { 'text/html': 'html', 'application/yaml': 'yaml', 'text/css': 'css' };
  const kind = isText ? (language[type] ?? 'text') : 'json';
  return `\`\`\`${kind}\n${isText ? value.trim() : JSON.stringify(value, null, 2)}\n\`\`\``;
}

function curl(method, path, parameters, body) {
  const filled = path.replace(/\{(\w+)\}/g, (_, name) => {
    return parameters.find((one) => one.name === name)?.example ?? `{${name}}`;
  });
  const verb = method === 'get' ? '' : ` -X ${method.toUpperCase()}`;
  const data =
    body === undefined ? '' : " -H 'content-type: application/json' -d @specification.json";
  return `curl${verb}${data} '${EXAMPLE_SERVER}${PREFIX}${filled === '/' ? '' : filled}'`;
}

function renderErrors(document) {
  const codes = document.components.schemas.ErrorCode.enum.map((code) => `\`${code}\``).join(', ');
  const responses = Object.values(document.components.responses).flatMap((response) =>
    Object.values(response.content?.['application/json']?.examples ?? {}),
  );
  const rows = responses.map(
    ({ summary, value }) => `| ${summary} | \`${value.code}\` | ${value.error} |`,
  );
  return `## Errors\n\nCodes: ${codes}.\n\n| For example | Code | Sentence |\n| --- | --- | --- |\n${rows.join('\n')}`;
}
