/** Bytes of a specification as JSON; what is larger does not fit where clusters carry it. */
export const MAX_SPECIFICATION_BYTES = 512 * 1024;

/** How deep values may lie inside each other. */
export const MAX_DEPTH = 32;

/** Values in one document: more is no specification but an attempt to keep the server busy. */
export const MAX_VALUES = 50_000;

/** Characters of a document as YAML, where the same specification may take more room. */
export const MAX_YAML_LENGTH = 1024 * 1024;

/** Uses of YAML anchors in one document: each is worth a search through all of it. */
export const MAX_YAML_ALIASES = 100;

/** Findings reported at once. */
export const MAX_FINDINGS = 50;

/** `inspection-<identifier>-<16 hex>-<item>` must be a DNS label: at most 63 characters. */
export const MAX_IDENTIFIER_LENGTH = 30;
