import { CliError } from './cli-error.js';
import type { Client } from '../client/create-client.js';

/** An id as the service makes them; anything shorter may be an abbreviation. */
const WHOLE_ID = /^inspection-(.+-)?[0-9a-f]{16,}$/;

/** The newest ones, among which an abbreviation is looked up. */
const LOOKED_AT = 100;

/**
 * The whole id for what a user typed: an id, or the beginning of one of the newest hundred, with or
 * without "inspection-". What fits none is returned as it is, for the service to refuse.
 */
export async function findInspection(client: Client, typed: string): Promise<string> {
  if (WHOLE_ID.test(typed)) return typed;
  const { items } = await client.list(1, LOOKED_AT);
  const ids = items.map((item) => item.inspection_id);
  if (ids.includes(typed)) return typed;
  const fitting = ids.filter((id) => id.startsWith(typed) || id.startsWith(`inspection-${typed}`));
  if (fitting.length > 1) {
    const details = fitting.slice(0, 5).map((id) => `  ${id}`);
    const message = `"${typed}" is the beginning of ${fitting.length} inspections; write more of it.`;
    throw new CliError(message, { details });
  }
  return fitting[0] ?? typed;
}
