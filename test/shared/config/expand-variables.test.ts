import { expandVariables } from '../../../shared/config/expand-variables.js';

describe('expandVariables', () => {
  it.each([
    ['${HOST}/image', 'registry/image'],
    ['${HOST:-localhost:5000}/image', 'registry/image'],
    ['${NONE:-localhost:5000}/image:${TAG:-latest}', 'localhost:5000/image:latest'],
    ['a${NONE}b', 'ab'],
    ['${EMPTY:-default}', 'default'],
    ['$HOST and ${not a name} stay', '$HOST and ${not a name} stay'],
    ['${NONE:-}', ''],
  ])('%s becomes %s', (text, expected) => {
    expect(expandVariables(text, { HOST: 'registry', EMPTY: '' })).toBe(expected);
  });
});
