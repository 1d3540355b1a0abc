// Makes base images where no container registry can be reached.
// Usage: node scripts/make-base-image.js
import { spawn } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { runCommand } from './run-command.js';

/** A minimal Debian 12 (apt, dpkg, bash; no python). */
export const DEBIAN_BASE = 'localhost/amun-base:bookworm';
/** Nothing but a static busybox and its applets, root as the only user. */
export const BUSYBOX_BASE = 'localhost/amun-base:busybox';

const SUITE = 'bookworm';

/** Arguments: the engine, the image's name. Ends at once where the image is there already. */
const BEGIN = `
  set -eu
  PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin
  "$1" image inspect "$2" >/dev/null 2>&1 && exit 0
  folder=$(mktemp -d)
  trap '$sudo rm -rf "$folder"' EXIT
  sudo=
  root=$folder/root
  mkdir "$root"
  chmod 755 "$folder" "$root"`;

/** Only root can make a system's files. */
const FILL_DEBIAN = `
  [ "$(id -u)" = 0 ] || sudo='sudo -n'
  $sudo debootstrap --variant=minbase ${SUITE} "$root" \${3:+"$3"} >"$folder/log" 2>&1 || {
    cat "$folder/log" >&2
    exit 1
  }
  $sudo sh -c 'cd "$1" && rm -rf dev/* var/lib/apt/lists/* var/cache/apt/archives/*.deb' sh "$root"`;

const FILL_BUSYBOX = `
  cd "$root"
  mkdir -p bin etc root usr/bin var tmp
  chmod 1777 tmp
  cp "$(command -v busybox)" bin/busybox
  for applet in $(bin/busybox --list); do
    [ "$applet" = busybox ] || ln -s busybox "bin/$applet"
  done
  ln -s ../../bin/env usr/bin/env
  echo 'root:x:0:0:root:/root:/bin/sh' >etc/passwd
  echo 'root:x:0:' >etc/group`;

const IMPORT = `
  $sudo tar -C "$root" -cf "$folder/root.tar" .
  "$1" import --change 'CMD ["/bin/sh"]' "$folder/root.tar" "$2" >/dev/null`;

/**
 * Makes DEBIAN_BASE with debootstrap where it is not there yet: half a minute and 200 MB the first
 * time. Concurrent callers, in whatever process, wait for the one that makes it. Throws with what
 * the programs said.
 */
export async function makeDebianBase(engine = 'podman') {
  const script = BEGIN + FILL_DEBIAN + IMPORT;
  await runOnceAtATime('bookworm', script, [engine, DEBIAN_BASE, await findMirror()]);
  return DEBIAN_BASE;
}

/** Makes BUSYBOX_BASE where it is not there yet. */
export async function makeBusyboxBase(engine = 'podman') {
  await runOnceAtATime('busybox', BEGIN + FILL_BUSYBOX + IMPORT, [engine, BUSYBOX_BASE]);
  return BUSYBOX_BASE;
}

/** The kernel gives the lock back when its holder dies, so a killed one leaves nothing behind. */
function runOnceAtATime(lock, script, args) {
  const file = join(tmpdir(), `amun-base-${lock}.lock`);
  return new Promise((resolve, reject) => {
    const child = spawn('flock', [file, 'sh', '-c', script, 'sh', ...args], {
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let said = '';
    child.stderr.setEncoding('utf8').on('data', (text) => {
      said += text;
    });
    child.on('error', reject);
    child.on('close', (code) => {
      if (code === 0) resolve();
      else reject(new Error(`The base image could not be made: ${said.trim().slice(-2000)}`));
    });
  });
}

/** The mirror that this machine's own apt takes Debian from, or nothing for debootstrap's own. */
async function findMirror() {
  const format = '$(REPO_URI) $(CODENAME) $(COMPONENT)';
  const args = ['indextargets', '--format', format, 'Created-By: Packages'];
  const { stdout } = await runCommand('apt-get', args);
  const line = stdout
    .split('\n')
    .map((text) => text.split(' '))
    .find(([, codename, component]) => codename === SUITE && component === 'main');
  return line?.[0] !== undefined && /^https?:[\w:/.-]+$/.test(line[0]) ? line[0] : '';
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  console.log(await makeDebianBase(process.argv[2]));
}
