import { Readable } from 'node:stream';
import { readBody } from '../../../shared/http/read-body.js';

describe('readBody', () => {
  it('takes a body of exactly the limit', async () => {
    const body = await readBody(Readable.from([Buffer.from('ab'), Buffer.from('cd')]), 4);
    expect(body.toString()).toBe('abcd');
  });

  it('refuses one byte more, after having read it all', async () => {
    const source = Readable.from([Buffer.from('ab'), Buffer.from('cd'), Buffer.from('e')]);
    await expect(readBody(source, 4)).rejects.toMatchObject({ code: 'TooLarge' });
    expect(source.readableEnded).toBe(true);
  });

  it('does not read on for ever', async () => {
    let chunks = 0;
    function* endless() {
      for (;;) {
        chunks += 1;
        yield Buffer.alloc(10);
      }
    }
    await expect(readBody(Readable.from(endless()), 10)).rejects.toMatchObject({
      code: 'TooLarge',
    });
    expect(chunks).toBeLessThan(100);
  });

  it('says so where the body breaks off', async () => {
    const source = new Readable({
      read() {
        this.destroy(new Error('aborted'));
      },
    });
    await expect(readBody(source, 4)).rejects.toMatchObject({ code: 'InvalidRequest' });
  });
});
