import { briefLogLine } from '../../../cli/up/brief-log-line.js';

describe('briefLogLine', () => {
  it.each([
    ['plain text', 'plain text'],
    ['{"level":30,"msg":"started"}', 'started'],
    ['{"msg":"it failed","err":{"message":"no way","stack":"…"}}', 'it failed: no way'],
    ['{"no": "message"}', '{"no": "message"}'],
    ['"text"', '"text"'],
    ['{broken', '{broken'],
  ])('%j: %j', (line, brief) => {
    expect(briefLogLine(line)).toBe(brief);
  });
});
