import { jest } from '@jest/globals';
import { ensureBusyboxBase } from '../../base-image.js';
import { requireTools } from '../../require-tools.js';
import { waitUntil } from '../../wait-until.js';
import { BUILD_TOOLS, ImageBuilder } from './build-image.js';

jest.setTimeout(1_200_000);

requireTools(BUILD_TOOLS)('an image, built', () => {
  const builder = new ImageBuilder();
  let busybox = '';

  beforeAll(async () => {
    busybox = await ensureBusyboxBase();
  });

  afterAll(() => builder.removeAll());

  test('the run is the user 1042 in its home, and root was there only to build', async () => {
    const { image } = await builder.buildWell({ base: busybox });
    const seen = await builder.run(
      image,
      `id; pwd; echo "$HOME"; touch hwinfo/x own && echo writable
       stat -c '%u:%g %a' . hwinfo; tail -n 1 /etc/passwd; tail -n 1 /etc/group; ls /tmp`,
    );
    expect(seen.split('\n')).toEqual([
      'uid=1042(amun) gid=1042(amun) groups=1042(amun)',
      '/home/amun',
      '/home/amun',
      'writable',
      '1042:0 775',
      '1042:0 775',
      'amun:x:1042:1042:Amun:/home/amun:/bin/sh',
      'amun:x:1042:',
    ]);
  });

  test('a user that the cluster chooses may write to the home, for its group is 0', async () => {
    const { image } = await builder.buildWell({
      base: busybox,
      files: [{ path: '/home/amun/data/in.txt', content: 'x' }],
    });
    const script = 'id -u; touch new hwinfo/new data/new && echo y >data/in.txt && cat data/in.txt';
    const seen = await builder.run(image, script, ['--user=1000650000:0']);
    expect(seen.split('\n')).toEqual(['1000650000', 'y']);
  });

  test('nothing of how the base is started leaks into the run', async () => {
    const base = await builder.base([
      `FROM ${busybox}`,
      'RUN mkdir -p /srv/app && printf "last:x:5:" >>/etc/group && printf "amun:x:7:7::/:/bin/sh" >>/etc/passwd',
      'USER 1001',
      'WORKDIR /srv/app',
      'ENTRYPOINT ["/bin/false"]',
      'CMD ["nonsense"]',
      'STOPSIGNAL SIGKILL',
      'ENV HOME=/srv/app KEPT=1',
    ]);
    const { image } = await builder.buildWell({ base });
    const config = await builder.inspect(image);
    expect(config).toMatchObject({
      User: '1042:1042',
      WorkingDir: '/home/amun',
      StopSignal: 'SIGTERM',
      Cmd: ['/bin/sh'],
    });
    expect(config['Entrypoint'] ?? []).toEqual([]);
    const seen = await builder.run(image, 'echo $HOME $KEPT; tail -n 2 /etc/passwd /etc/group -q');
    expect(seen.split('\n')).toEqual([
      '/home/amun 1',
      'amun:x:7:7::/:/bin/sh',
      'amun1042:x:1042:1042:Amun:/home/amun:/bin/sh',
      'last:x:5:',
      'amun:x:1042:',
    ]);
  });

  test('a user 1042 of the base stays as it is', async () => {
    const base = await builder.base([
      `FROM ${busybox}`,
      'RUN echo "worker:x:1042:1042::/work:/bin/sh" >>/etc/passwd && echo "workers:x:1042:" >>/etc/group',
    ]);
    const { image } = await builder.buildWell({ base });
    expect(await builder.run(image, 'id -un; id -gn; echo $HOME; grep -c 1042 /etc/passwd')).toBe(
      'worker\nworkers\n/home/amun\n1',
    );
  });

  test('files arrive byte by byte, with modes, owners and folders', async () => {
    const nasty = '[app]\r\nx = "100%" $HOME ${A} \\n \'q\' `id` $(id)\\\n\t\u0001ž🐎\n\n\n';
    const { image, exitCode, log } = await builder.build({
      base: busybox,
      files: [
        { path: '/opt/new/folder/nasty.ini', content: nasty },
        { path: '/opt/$(touch hacked) \'a\' "b" \\c * ;x ', content: 'odd name' },
        { path: '/home/amun/tools/run me.sh', content: '#!/bin/sh\necho "ran $1"\n' },
        { path: '/srv/empty', content: '' },
        { path: '/bin/wget', content: 'no link any more' },
        { path: '-dash', content: 'no end of line' },
      ],
    });
    expect([exitCode, log]).toEqual([0, expect.any(String)]);
    const hex = await builder.run(image, 'od -An -v -tx1 /opt/new/folder/nasty.ini');
    expect(hex.replaceAll(/\s/g, '')).toBe(Buffer.from(nasty).toString('hex'));
    const seen = await builder.run(
      image,
      `cat "/opt/\\$(touch hacked) 'a' \\"b\\" \\\\c * ;x "; echo
       "./tools/run me.sh" works
       cat /bin/wget; echo; cat /-dash; echo; ls /bin/busybox
       cd / && stat -c '%a %u:%g %s %n' opt/new opt/new/folder/nasty.ini srv/empty ./-dash
       cd /home/amun && stat -c '%a %u:%g %n' tools "tools/run me.sh"
       find / -name hacked -xdev`,
    );
    expect(seen.split('\n')).toEqual([
      'odd name',
      'ran works',
      'no link any more',
      'no end of line',
      '/bin/busybox',
      '755 0:0 4096 opt/new',
      `644 0:0 ${Buffer.byteLength(nasty)} opt/new/folder/nasty.ini`,
      '644 0:0 0 srv/empty',
      '644 0:0 14 ./-dash',
      '775 1042:0 tools',
      '775 1042:0 tools/run me.sh',
    ]);
  });

  test('a file where the base has a folder, or a volume, is told so', async () => {
    const base = await builder.base([`FROM ${busybox}`, 'VOLUME /data']);
    const failsSaying = async (path: string, words: string): Promise<boolean> => {
      const { exitCode, log } = await builder.build({ base, files: [{ path, content: 'x' }] });
      expect(exitCode).not.toBe(0);
      return log.includes(words);
    };
    // On a busy machine podman 4.3 may lose what a step says right before it fails.
    await waitUntil(() =>
      failsSaying(
        '/usr/bin',
        'amun: the file /usr/bin cannot be written: the base image has a folder',
      ),
    );
    await waitUntil(() =>
      failsSaying('/data/a/b', 'amun: the file /data/a/b would be lost: /data is a volume'),
    );
  });

  test('a builder that caches by text sees a change, and keeps what did not change', async () => {
    const spec = (content: string) => ({
      base: busybox,
      update: true,
      files: [{ path: '/srv/a', content }],
    });
    await builder.buildWell(spec('one'), { cache: true });
    const same = await builder.buildWell(spec('one'), { cache: true });
    const changed = await builder.buildWell(spec('two'), { cache: true });
    expect(same.log).not.toContain('amun: writing');
    expect(changed.log).toContain('amun: writing /srv/a');
    expect(changed.log).not.toContain('nothing to update');
    expect(await builder.run(changed.image, 'cat /srv/a')).toBe('two');
  });
});
