import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chmod, copyFile, cp, mkdir, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { isThere, whereIs } from './shells.js';

/** A root file system to run containers in, made of programs of this machine. */
export interface RootFolder {
  readonly name: string;
  readonly folder: string;
  readonly shell: 'busybox' | 'bash' | 'dash';
  /** The pump that such an image allows. */
  readonly pump: 'perl' | 'python3' | 'dd' | 'sh';
  /** True where its shell cannot ignore that signals were ignored, and nothing in it can help. */
  readonly leavesSignalsIgnored: boolean;
  /** What it can fetch scripts with. */
  readonly fetches: 'curl' | 'python3' | 'wget' | undefined;
}

const OS_RELEASE = 'NAME="Test \\"Linux\\""\nID=test\nVERSION_ID=\'1.2\'\nPRETTY_NAME=Plain\n';

/** Makes the roots that this machine's programs allow, below `folder`. */
export async function makeRootFolders(folder: string): Promise<RootFolder[]> {
  const at = (name: string): string => path.join(folder, name);
  const roots: RootFolder[] = [
    {
      name: 'busybox',
      shell: 'busybox',
      folder: at('busybox'),
      pump: 'dd',
      leavesSignalsIgnored: true,
      fetches: 'wget',
    },
    {
      name: 'bash',
      shell: 'bash',
      folder: at('bash'),
      pump: 'sh',
      leavesSignalsIgnored: false,
      fetches: undefined,
    },
  ];
  await makeRoot(at('busybox'));
  await addBusybox(at('busybox'), 'busybox');
  await makeRoot(at('bash'));
  await addProgram(at('bash'), whereIs('bash'), 'sh');
  await symlink('sh', path.join(at('bash'), 'bin/bash'));

  if (existsSync('/usr/bin/python3') && isThere('dash')) {
    roots.push({
      name: 'python',
      shell: 'dash',
      folder: at('python'),
      pump: 'python3',
      leavesSignalsIgnored: false,
      fetches: 'python3',
    });
    await makeRoot(at('python'));
    await addBusybox(at('python'), 'dash');
    await addPython(at('python'));
  }
  const perlBase = `/usr/lib/${process.arch === 'arm64' ? 'aarch64' : 'x86_64'}-linux-gnu/perl-base`;
  if (existsSync(perlBase) && isThere('curl')) {
    roots.push({
      name: 'perl',
      shell: 'bash',
      folder: at('perl'),
      pump: 'perl',
      leavesSignalsIgnored: false,
      fetches: 'curl',
    });
    await makeRoot(at('perl'));
    await addBusybox(at('perl'), 'bash');
    await addProgram(at('perl'), whereIs('perl'), 'perl');
    await addProgram(at('perl'), whereIs('curl'), 'curl');
    await cp(perlBase, path.join(at('perl'), perlBase), { recursive: true });
  }
  return roots;
}

async function makeRoot(root: string): Promise<void> {
  for (const name of ['bin', 'dev', 'etc', 'proc', 'sys', 'home/amun/hwinfo', 'amun', 'data']) {
    await mkdir(path.join(root, name), { recursive: true });
  }
  await mkdir(path.join(root, 'tmp'));
  await chmod(path.join(root, 'tmp'), 0o1777);
  await chmod(path.join(root, 'home/amun/hwinfo'), 0o777);
  await writeFile(path.join(root, 'etc/os-release'), OS_RELEASE);
}

/** All applets of busybox, with `shell` as sh. */
async function addBusybox(root: string, shell: string): Promise<void> {
  const applets = execFileSync('busybox', ['--list'], { encoding: 'utf8' }).trim().split('\n');
  await copyFile(whereIs('busybox'), path.join(root, 'bin/busybox'));
  for (const applet of applets) {
    if (applet !== 'busybox' && applet !== 'sh')
      await symlink('busybox', path.join(root, 'bin', applet));
  }
  if (shell === 'busybox') await symlink('busybox', path.join(root, 'bin/sh'));
  else await addProgram(root, whereIs(shell), 'sh');
}

async function addPython(root: string): Promise<void> {
  const [program, library] = execFileSync(
    '/usr/bin/python3',
    [
      '-I',
      '-c',
      'import os, sys; print(os.path.realpath(sys.executable)); print(os.path.dirname(os.__file__))',
    ],
    { encoding: 'utf8' },
  )
    .trim()
    .split('\n') as [string, string];
  await addProgram(root, program, 'python3');
  await mkdir(path.join(root, 'usr/bin'), { recursive: true });
  await symlink('/bin/python3', path.join(root, program));
  await cp(library, path.join(root, library), {
    recursive: true,
    filter: (name) =>
      !/\/(dist-packages|site-packages|test|__pycache__|idlelib|lib2to3|config-[^/]*)$/.test(name),
  });
  // Of those that python3 loads later: HTTPS needs them.
  const modules = path.join(library, 'lib-dynload');
  const found = execFileSync(
    'sh',
    ['-c', 'ldd "$1"/_ssl*.so "$1"/_hashlib*.so 2>/dev/null', 'sh', modules],
    { encoding: 'utf8' },
  );
  await addLibraries(root, found);
}

/** A program and the libraries it needs. */
async function addProgram(root: string, program: string, name: string): Promise<void> {
  await copyFile(program, path.join(root, 'bin', name));
  await chmod(path.join(root, 'bin', name), 0o755);
  await addLibraries(root, execFileSync('ldd', [program], { encoding: 'utf8' }));
}

async function addLibraries(root: string, said: string): Promise<void> {
  for (const library of new Set(said.match(/(?<=\s)\/\S+(?= \()/g) ?? [])) {
    await mkdir(path.dirname(path.join(root, library)), { recursive: true });
    await copyFile(library, path.join(root, library));
  }
}
