import { oomKillIn } from '../../../../services/local-cluster/machine/kernel-log.js';

const NAME = 'f37b36b100b0';
const LIMIT = `4,881,100,-;oom-kill:constraint=CONSTRAINT_MEMCG,nodemask=(null),cpuset=libpod-${NAME},mems_allowed=0,oom_memcg=/libpod_parent/libpod-${NAME},task_memcg=/libpod_parent/libpod-${NAME},task=sh,pid=31071,uid=0`;
const MACHINE = `4,882,100,-;oom-kill:constraint=CONSTRAINT_NONE,nodemask=(null),cpuset=/,mems_allowed=0,global_oom,task_memcg=/libpod_parent/libpod-${NAME},task=sh,pid=31071,uid=0`;

describe('the kernel’s log', () => {
  it('tells a limit that was reached from a machine that was full', () => {
    expect(oomKillIn([LIMIT], NAME)).toBe('limit');
    expect(oomKillIn([MACHINE], NAME)).toBe('machine');
    expect(oomKillIn([LIMIT, MACHINE], NAME)).toBe('machine');
  });

  it('says nothing of other containers', () => {
    expect(oomKillIn([LIMIT, MACHINE], 'aaaaaaaaaaaa')).toBeUndefined();
    expect(oomKillIn([], NAME)).toBeUndefined();
  });
});
