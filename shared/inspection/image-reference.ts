/** The parts of a container image's reference, as Docker's grammar has them. */
export interface ImageReference {
  /** Registry, with its port; absent where the engine is to choose one. */
  readonly domain?: string;
  /** Path inside the registry: "library/fedora". */
  readonly path: string;
  readonly tag?: string;
  /** "sha256:<64 hex>" */
  readonly digest?: string;
}

const HOST = String.raw`(?:[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?)`;
const DOMAIN = new RegExp(
  String.raw`^(?:${HOST}(?:\.${HOST})*|\[[A-Fa-f0-9:]+\])(?::[0-9]{1,5})?$`,
);
const PATH_COMPONENT = /^[a-z0-9]+(?:(?:\.|_{1,2}|-+)[a-z0-9]+)*$/;
const TAG = /^\w[\w.-]{0,127}$/;
const DIGEST = /^(?:sha256:[0-9a-f]{64}|sha512:[0-9a-f]{128})$/;
/** Engines take such a name for an image's id. */
const LOOKS_LIKE_ID = /^[0-9a-f]{64}$/;
const MAX_NAME_LENGTH = 255;

/** Takes a reference apart ("registry:5000/team/image:tag@sha256:…"); undefined where it is none. */
export function parseImageReference(text: string): ImageReference | undefined {
  const [withTag = '', digest, ...rest] = text.split('@');
  if (rest.length > 0 || (digest !== undefined && !DIGEST.test(digest))) return undefined;

  const colon = withTag.lastIndexOf(':');
  const hasTag = colon > withTag.lastIndexOf('/');
  const name = hasTag ? withTag.slice(0, colon) : withTag;
  const tag = hasTag ? withTag.slice(colon + 1) : undefined;
  if (tag !== undefined && !TAG.test(tag)) return undefined;
  if (name.length > MAX_NAME_LENGTH || LOOKS_LIKE_ID.test(name)) return undefined;

  const components = name.split('/');
  const domain =
    components.length > 1 && isDomain(components[0] ?? '') ? components.shift() : undefined;
  if (domain !== undefined && !DOMAIN.test(domain)) return undefined;
  if (!components.every((component) => PATH_COMPONENT.test(component))) return undefined;
  return {
    ...(domain === undefined ? {} : { domain }),
    path: components.join('/'),
    ...(tag === undefined ? {} : { tag }),
    ...(digest === undefined ? {} : { digest }),
  };
}

/** What tells a registry from the first part of a path. */
function isDomain(component: string): boolean {
  return component === 'localhost' || /[.:A-Z]/.test(component);
}
