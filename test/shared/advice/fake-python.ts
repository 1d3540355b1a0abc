import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** A python3 on the PATH that notes what it is to install, and installs a thamos of the test's. */
export class FakePython {
  readonly #folder: string;
  /** A PATH on which it comes first. */
  readonly path: string;

  constructor(folder: string, thamos: string) {
    this.#folder = join(folder, 'python');
    this.path = `${this.#folder}:${process.env['PATH'] ?? ''}`;
    mkdirSync(this.#folder);
    const script = `#!/bin/sh
notes=${this.#folder}
thamos=${thamos}
[ "$1" != -I ] || shift
case $1-$2 in
  -m-venv)
    mkdir -p "$3/bin"
    echo "$3" >>"$notes/environments"
    cp "$0" "$3/bin/python" ;;
  -m-pip)
    for word in "$@"; do :; done
    [ ! -f "$notes/broken" ] || { echo 'no index answers' >&2; exit 1; }
    echo "$word" >>"$notes/installed"
    printf '#!/bin/sh\\nexec %s "$@"\\n' "$thamos" >"\${0%/*}/thamos"
    chmod +x "\${0%/*}/thamos" ;;
  -m-certifi) echo "$notes/authorities" ;;
  *) exec "\${thamos%/*}/python" "$@" ;;
esac
`;
    writeFileSync(join(this.#folder, 'python3'), script);
    chmodSync(join(this.#folder, 'python3'), 0o755);
  }

  /** From now on pip fails. */
  break(): void {
    writeFileSync(join(this.#folder, 'broken'), '');
  }

  /** What pip was to install. */
  installed(): string[] {
    return this.#notes('installed');
  }

  /** The folders of the virtual environments that were made. */
  environments(): string[] {
    return this.#notes('environments');
  }

  #notes(name: string): string[] {
    const file = join(this.#folder, name);
    return existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n') : [];
  }
}
