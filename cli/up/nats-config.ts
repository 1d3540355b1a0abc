import { writeFileSync } from 'node:fs';
import { readNatsToken, type StackDirectory } from './stack-directory.js';

/** Writes the configuration of this stack's nats-server; it holds the secret. */
export function writeNatsConfig(stack: StackDirectory, port: number): void {
  writeFileSync(stack.natsConfig, describeNats(stack, port, readNatsToken(stack)), { mode: 0o600 });
}

/**
 * Loopback only, no word without the secret. Storage is bounded by retention, not here: a bound
 * that is reached would stop inspections halfway.
 */
function describeNats(stack: StackDirectory, port: number, token: string): string {
  return `# Written by \`amun up\` at each start.
server_name: amun
listen: "127.0.0.1:${port}"
authorization { token: ${JSON.stringify(token)} }
jetstream {
  store_dir: ${JSON.stringify(stack.natsStore)}
  max_memory_store: 256MB
  max_file_store: 1TB
}
`;
}
