import { readFile } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { orUndefined } from '../atomic-file.js';

/** The install command of each family of systems, by the ids of /etc/os-release. */
const INSTALLERS: readonly (readonly [families: readonly string[], command: string])[] = [
  [['debian', 'ubuntu'], 'apt-get install -y'],
  [['fedora', 'rhel', 'centos'], 'dnf install -y'],
  [['alpine'], 'apk add'],
  [['arch'], 'pacman -S --noconfirm'],
  [['suse', 'opensuse'], 'zypper install -y'],
];

/** The command that installs packages on this machine, for a person to copy. */
export async function installCommand(
  packages: readonly string[],
  osReleasePath = '/etc/os-release',
): Promise<string> {
  const osRelease = (await orUndefined(readFile(osReleasePath, 'utf8'))) ?? '';
  const ids = [...osRelease.matchAll(/^ID(?:_LIKE)?="?([^"\n]*)"?$/gm)]
    .flatMap(([, value = '']) => value.split(' '))
    .map((id) => id.toLowerCase());
  const installer = INSTALLERS.find(([families]) => families.some((id) => ids.includes(id)));
  const command = `${installer?.[1] ?? 'apt-get install -y'} ${packages.join(' ')}`;
  return userInfo().uid === 0 ? command : `sudo ${command}`;
}
