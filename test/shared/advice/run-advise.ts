import { execFile } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import type { AdviceReport } from '../../../shared/advice/advice-report.js';
import { parseAdviceLog } from '../../../shared/advice/parse-advice-log.js';

const ADVISE = resolve('shared/advice/advise.sh');

export interface Advised {
  readonly code: number;
  /** All that was printed. */
  readonly log: string;
  readonly report: AdviceReport | undefined;
}

export interface AdviseOptions {
  readonly shell?: readonly [string, ...string[]];
  readonly environment?: Readonly<Record<string, string>>;
}

/** Makes a folder with these files. */
export function makeFolder(folder: string, files: Readonly<Record<string, string>>): string {
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), content);
  }
  return folder;
}

/** Runs advise.sh in a folder, with no switches but the given ones. */
export async function runAdvise(
  folder: string,
  { shell = ['sh'], environment = {} }: AdviseOptions = {},
): Promise<Advised> {
  const own = Object.entries(process.env).filter(([name]) => !/^(THOTH|THAMOS)_/.test(name));
  const env = { ...Object.fromEntries(own), ...environment };
  const [program, ...first] = shell;
  return await new Promise((done) => {
    const child = execFile(
      program,
      [...first, ADVISE, folder],
      { env },
      (error, stdout, stderr) => {
        const log = stdout + stderr;
        const code = error === null ? 0 : typeof error.code === 'number' ? error.code : -1;
        done({ code, log, report: parseAdviceLog(log) });
      },
    );
    child.stdin?.end();
  });
}

/** A file of the application; undefined where there is none. */
export function readFrom(folder: string, name: string): string | undefined {
  try {
    return readFileSync(join(folder, name), 'utf8');
  } catch {
    return undefined;
  }
}
