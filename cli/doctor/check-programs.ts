import { existsSync, readdirSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { FUNCTIONS, SERVICES } from '../up/plan-stack.js';
import type { Finding, Machine } from './finding.js';

const SOURCES = ['cli', 'functions', 'services', 'shared', 'package.json'];
/** Written at the end of a build. */
const BUILD_MARK = 'package.json';

/** The built programs: all there, and not older than the sources beside them. */
export function checkPrograms({ programs }: Machine): Finding {
  const base = { name: 'programs', needed: true, remedy: 'npm run build' };
  const files = [
    ...FUNCTIONS.map((name) => join('functions', name, 'handler.js')),
    ...[...SERVICES, 'function-host'].map((name) => join('services', `${name}.js`)),
  ];
  const missing = files.filter((file) => !existsSync(join(programs, file)));
  if (missing.length > 0) {
    return { ...base, ok: false, detail: `not built: ${missing.join(', ')}` };
  }
  const built = timeOf(join(programs, BUILD_MARK));
  const sources = SOURCES.map((name) => join(dirname(programs), name));
  if (sources.some((source) => newestTime(source) > built)) {
    return { ...base, ok: false, needed: false, detail: 'older than the sources' };
  }
  return { name: base.name, ok: true, needed: true, detail: `built in ${programs}` };
}

function newestTime(place: string): number {
  const stats = statSync(place, { throwIfNoEntry: false });
  // Whoever has no sources has no older programs.
  if (stats === undefined) return 0;
  if (!stats.isDirectory()) return stats.mtimeMs;
  // What builds make, they make anew each time.
  const names = readdirSync(place).filter((name) => name !== 'generated');
  return Math.max(0, ...names.map((name) => newestTime(join(place, name))));
}

function timeOf(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0;
}
