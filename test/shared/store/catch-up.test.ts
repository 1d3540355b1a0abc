import { CatchUp } from '../../../shared/store/catch-up.js';

describe('CatchUp', () => {
  it('gives whoever comes meanwhile the next time, once for all of them', async () => {
    const ends: (() => void)[] = [];
    const catchUp = new CatchUp(() => new Promise<void>((resolve) => void ends.push(resolve)));
    const done: string[] = [];
    const ask = (name: string): Promise<unknown> => catchUp.now().then(() => done.push(name));
    const first = ask('first');
    const others = [ask('second'), ask('third')];
    expect(ends).toHaveLength(1);
    ends[0]!();
    await first;
    expect(done).toEqual(['first']);
    await new Promise(setImmediate);
    expect(ends).toHaveLength(2);
    ends[1]!();
    await Promise.all(others);
    expect(done).toEqual(['first', 'second', 'third']);
    const last = ask('last');
    expect(ends).toHaveLength(3);
    ends[2]!();
    await last;
  });

  it('never does two at once, whoever comes between one and the next', async () => {
    let running = 0;
    let most = 0;
    let calls = 0;
    const catchUp = new CatchUp(async () => {
      calls += 1;
      running += 1;
      most = Math.max(most, running);
      await new Promise(setImmediate);
      running -= 1;
    });
    const first = catchUp.now();
    const second = catchUp.now();
    await Promise.all([first.then(() => catchUp.now()), second]);
    expect([most, calls]).toEqual([1, 2]);
  });

  it('lets nobody fail over what others asked for', async () => {
    let calls = 0;
    const catchUp = new CatchUp(async () => {
      calls += 1;
      await Promise.resolve();
      if (calls === 1) throw new Error('Not now.');
    });
    const [first, second] = await Promise.allSettled([catchUp.now(), catchUp.now()]);
    expect(first).toMatchObject({ status: 'rejected' });
    expect(second).toMatchObject({ status: 'fulfilled' });
    expect(calls).toBe(2);
  });
});
