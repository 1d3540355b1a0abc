/** The characters of RFC 3986; brackets are left for the host alone, since curl expands others. */
const URL_CHARACTERS = /^https?:\/\/(?:\[[0-9A-Fa-f:.]+\])?[A-Za-z0-9\-._~:/?#@!$&'()*+,;=%]*$/i;

/**
 * Why a text is no http(s) URL that a build or run may be told to fetch, as the end of a sentence;
 * undefined where it is one. Credentials are refused: whoever may read the inspection would read them.
 */
export function explainHttpUrl(text: string): string | undefined {
  if (!/^https?:\/\//i.test(text)) return 'its URL must begin with https:// or http://';
  if (!URL_CHARACTERS.test(text)) {
    return 'its URL holds characters that must be percent-encoded';
  }
  if (!URL.canParse(text)) return 'its URL names no host that could be reached';
  const url = new URL(text);
  if (url.username !== '' || url.password !== '') {
    return 'its URL carries credentials, which every reader of the inspection would see; leave them out';
  }
  return undefined;
}
