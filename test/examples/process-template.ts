import { parse } from 'yaml';

interface Parameter {
  readonly name: string;
  readonly value?: string;
  readonly required?: boolean;
}

/** An object of the template, as far as tests look into it. */
export interface TemplateObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
  };
  readonly spec: Record<string, unknown>;
}

export interface Template {
  readonly kind: string;
  readonly parameters: readonly Parameter[];
  readonly labels?: Readonly<Record<string, string>>;
  readonly objects: readonly unknown[];
}

export function parseTemplate(text: string): Template {
  return parse(text) as Template;
}

/**
 * What `oc process` makes of a template: `${NAME}` becomes a parameter's text within a text,
 * `${{NAME}}` alone becomes its value as JSON, the template's labels are put on every object. Throws
 * where a required parameter has no value, or one is given that the template does not have.
 */
export function processTemplate(
  template: Template,
  given: Readonly<Record<string, string>> = {},
): TemplateObject[] {
  const known = new Map(template.parameters.map((each) => [each.name, each.value ?? '']));
  for (const [name, value] of Object.entries(given)) {
    if (!known.has(name)) throw new Error(`unknown parameter name ${name}`);
    known.set(name, value);
  }
  for (const { name, required } of template.parameters) {
    if (required === true && known.get(name) === '') {
      throw new Error(`template.parameters[${name}]: Required value`);
    }
  }
  const objects = template.objects.map((object) => substitute(object, known) as TemplateObject);
  return objects.map((object) => ({
    ...object,
    metadata: { ...object.metadata, labels: { ...object.metadata.labels, ...template.labels } },
  }));
}

/** The names of parameters that a template refers to. */
export function namesIn(value: unknown): Set<string> {
  const found = JSON.stringify(value).matchAll(/\$\{\{?([A-Za-z0-9_]+)\}?\}/g);
  return new Set([...found].map(([, name = '']) => name));
}

function substitute(value: unknown, known: ReadonlyMap<string, string>): unknown {
  if (typeof value === 'string') return substituteText(value, known);
  if (Array.isArray(value)) return value.map((each) => substitute(each, known));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, each]) => [
      substituteText(key, known),
      substitute(each, known),
    ]),
  );
}

function substituteText(text: string, known: ReadonlyMap<string, string>): unknown {
  const whole = /^\$\{\{([A-Za-z0-9_]+)\}\}$/.exec(text)?.[1];
  if (whole !== undefined && known.has(whole)) return JSON.parse(known.get(whole) ?? 'null');
  return text.replace(/\$\{([A-Za-z0-9_]+)\}/g, (all, name: string) => known.get(name) ?? all);
}
