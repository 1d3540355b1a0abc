import { checkAnswer, UndocumentedAnswer, type SeenAnswer } from './check-answer.js';

const VERSION: SeenAnswer = {
  method: 'GET',
  path: '/version',
  status: 200,
  contentType: 'application/json; charset=utf-8',
  text: '{"version":"1","service_version":"1"}',
};
const refusal = (code: string) => JSON.stringify({ error: 'No.', parameters: {}, code });

describe('checkAnswer', () => {
  it.each<[string, Partial<SeenAnswer>]>([
    ['a documented answer', {}],
    ['a documented error', { status: 503, text: refusal('Unavailable') }],
    ['an unknown path', { path: '/x', status: 404, text: refusal('NotFound') }],
    ['nothing new', { status: 304, contentType: undefined, text: '' }],
    ['HEAD', { method: 'HEAD', text: '' }],
  ])('accepts %s', (_, part) => {
    expect(() => checkAnswer({ ...VERSION, ...part })).not.toThrow();
  });

  it.each<[string, Partial<SeenAnswer>]>([
    ['a status that is not documented', { status: 202 }],
    ['a field that is not documented', { text: '{"version":"1","service_version":"1","x":1}' }],
    ['a field that is missing', { text: '{"version":"1"}' }],
    ['a field of another type', { text: '{"version":1,"service_version":"1"}' }],
    ['another content-type', { contentType: 'text/html' }],
    ['an error without its code', { status: 500, text: '{"error":"No.","parameters":{}}' }],
    ['an error of an unknown code', { status: 500, text: refusal('Strange') }],
    ['a success where there is nothing', { path: '/x' }],
    ['a success of another method', { method: 'PUT' }],
    [
      'a method that is allowed nowhere',
      { method: 'PUT', status: 405, allow: 'PUT', text: refusal('MethodNotAllowed') },
    ],
    ['a body where there is none', { status: 304 }],
  ])('refuses %s', (_, part) => {
    expect(() => checkAnswer({ ...VERSION, ...part })).toThrow(UndocumentedAnswer);
  });
});
