import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { whereIs } from '../run/shells.js';

/** Does what it is told by the files beside it, and notes its arguments and its environment. */
const SCRIPT = `#!/bin/sh
here=\${0%/bin/*}
{ echo "call $*"; env | grep -E '^(THOTH|THAMOS)_' | sort; echo "host-python $PYTHONPATH"; } >>"$here/calls"
case $1 in --thoth-host) shift 2 ;; esac
[ ! -f "$here/$1.sh" ] || . "$here/$1.sh"
case "$1 $2" in
  config*)
    case $4 in ?*) cp "$4" .thoth.yaml ;; *) echo 'host: detected.example' >.thoth.yaml ;; esac ;;
  'advise --no-wait') printf adviser-1 >.thoth_last_analysis_id; echo adviser-1 ;;
  advise*)
    printf adviser-1 >.thoth_last_analysis_id
    cp "$here/lock" Pipfile.lock
    cat "$here/report" ;;
esac
`;

export interface Call {
  /** "advise --json", say. */
  readonly arguments: string;
  /** Its variables that begin with THOTH_ or THAMOS_. */
  readonly environment: Readonly<Record<string, string>>;
}

/** What the fake recommends: six in another version than the repository's. */
export const RECOMMENDED = lockOf({ six: '==1.17.0' });

/** A Pipfile.lock with the versions of its packages. */
export function lockOf(
  packages: Readonly<Record<string, string>>,
  sources: readonly object[] = [],
): string {
  const hashes = [`sha256:${'0'.repeat(64)}`];
  const entries = Object.entries(packages).map(([name, version]) => [
    name,
    { hashes, index: 'pypi', version },
  ]);
  const hash = { sha256: '0'.repeat(64) };
  const _meta = { hash, 'pipfile-spec': 6, requires: { python_version: '3.11' }, sources };
  const lock = { _meta, default: Object.fromEntries(entries) as object, develop: {} };
  return `${JSON.stringify(lock, null, 4)}\n`;
}

/** A program that takes the place of thamos, for what only the shell decides. */
export class FakeClient {
  readonly #folder: string;
  /** For THOTH_CLIENT. */
  readonly program: string;

  constructor(folder: string) {
    this.#folder = join(folder, 'client');
    this.program = join(this.#folder, 'bin', 'thamos');
    mkdirSync(join(this.#folder, 'bin'), { recursive: true });
    writeFileSync(this.program, SCRIPT, { mode: 0o755 });
    symlinkSync(pathOfPython(), join(this.#folder, 'bin', 'python'));
    writeFileSync(join(this.#folder, 'lock'), RECOMMENDED);
    this.report([{ type: 'INFO', message: 'six is well', link: 'https://thoth.example/six' }]);
  }

  /** What it says of the stack that it recommends. */
  report(justification: readonly object[]): void {
    const product = { score: 0.5, justification, project: {} };
    this.prints({ stack_info: [], products: [product] });
  }

  prints(report: unknown): void {
    writeFileSync(join(this.#folder, 'report'), JSON.stringify(report));
  }

  recommends(lock: string): void {
    writeFileSync(join(this.#folder, 'lock'), lock);
  }

  /** Shell commands that a sub-command runs first: `exit 4`, say. */
  before(command: string, commands: string): void {
    writeFileSync(join(this.#folder, `${command}.sh`), `${commands}\n`);
  }

  /** How it was called, in order. */
  calls(): Call[] {
    const file = join(this.#folder, 'calls');
    if (!existsSync(file)) return [];
    const [, ...blocks] = readFileSync(file, 'utf8').split(/^call /m);
    return blocks.map((block) => {
      const [words = '', ...variables] = block.split('\n');
      const pairs = variables.map((line) => /^(\w+)=(.*)$/.exec(line)).filter((found) => found);
      return {
        arguments: words,
        environment: Object.fromEntries(
          pairs.map((found) => [found![1], found![2]]),
        ) as Call['environment'],
      };
    });
  }
}

/** The interpreter itself: what a version manager puts in its place looks at where it is called. */
function pathOfPython(): string {
  const program = ['-c', 'import sys; print(sys.executable)'];
  return execFileSync(whereIs('python3'), program, { encoding: 'utf8' }).trim();
}
