import { parseArgs } from 'node:util';

export const USAGE = `npm start -- [--once] [--port PORT] [--dir FOLDER] [--base IMAGE]

Installs what is missing, starts the service, runs examples/hello.yaml and stays up until Ctrl-C.
  --once         end everything after the result, with its exit code
  --port PORT    where the service listens (default 8080)
  --dir FOLDER   where its state goes (default .amun)
  --base IMAGE   the example's base image`;

/** The options of the start; throws with what is wrong about them. */
export function readOptions(words) {
  const { values } = parseArgs({
    args: words,
    options: {
      once: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
      port: { type: 'string', default: process.env.AMUN_PORT || '8080' },
      dir: { type: 'string', default: process.env.AMUN_DIR || '.amun' },
      base: { type: 'string' },
    },
  });
  const port = Number(values.port);
  if (!Number.isInteger(port) || port < 1 || port > 65535) {
    throw new Error(`--port is "${values.port}"; write a number from 1 to 65535.`);
  }
  return values;
}
