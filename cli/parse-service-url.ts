import { CliError, EXIT } from './cli-error.js';

const OWN_SERVICE = 'http://127.0.0.1:8080';

/** The service's address as given, or this machine's own; throws where it is no http(s) URL. */
export function parseServiceUrl(text: string | undefined): string {
  if (text === undefined) return OWN_SERVICE;
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url?.protocol === 'http:' || url?.protocol === 'https:') return text;
  throw new CliError(`"${text}" is no address of a service; write it like ${OWN_SERVICE}.`, {
    exitCode: EXIT.usage,
  });
}
