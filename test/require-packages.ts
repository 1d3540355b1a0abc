/**
 * `describe` for tests with programs from PyPI. They are skipped, with one line, where those cannot be
 * installed, also where CI=true: unlike a system's package, an index may be out of reach for good.
 *
 * @param missing what kept them from being installed; undefined where they are there
 * @param further what another requirement gave: where that skips, it has said why, and this does too
 */
export function requirePackages(
  name: string,
  missing: string | undefined,
  further = describe,
): jest.Describe {
  if (further !== describe || missing === undefined) return further;
  process.stderr.write(`${name} cannot be installed here: its tests are skipped; ${missing}\n`);
  // An index may be out of reach for good.
  return describe.skip;
}
