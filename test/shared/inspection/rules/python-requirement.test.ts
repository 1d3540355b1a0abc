import {
  explainRequirement,
  isPythonProjectName,
} from '../../../../shared/inspection/rules/python-requirement.js';

describe('explainRequirement', () => {
  test.each([
    'A',
    'A.B-C_D',
    'aa',
    '0x',
    'name',
    'name ',
    'name<=1',
    'name>=3',
    'name>=3,<2',
    'name==1.*',
    'name===1.0+local-1',
    'name~=2.2 , != 2.2.1',
    'name (>=1.0)',
    'name(==1)',
    'name[]',
    'name [fred , bar] ',
    'name[a.b-c_d]==2.0',
    'name==1!2.0rc1',
    'name@http://foo.com',
    "name [fred,bar] @ http://foo.com ; python_version=='2.7'",
    'pip @ https://h.org/p.whl#sha1=da9',
    "name;os_name=='a' or os_name=='b'",
    "name; (os_name=='a' and extra == \"x\") or python_version in '2.7 3.6'",
    "name[quux, strange];python_version<'2.7' and platform_version=='2'",
    "name ; sys_platform not in 'win32'",
    "name; ((python_full_version >= '3.6'))",
    "name;'2.7'~=python_version",
    'micropipenv[toml]',
  ])('takes %s', (requirement) => {
    expect(explainRequirement(requirement)).toBeUndefined();
  });

  test.each([
    '',
    ' name',
    '-e .',
    '--pre',
    './name',
    '/name',
    'name/x',
    '.name',
    'name-',
    'name_',
    'näme',
    'name = 1',
    'name=1',
    'name==',
    'name==1,',
    'name(==1',
    'name==1)',
    'name()',
    'name[a',
    'name[-a]',
    'name[a b]',
    'name[,]',
    'name]',
    'name 1',
    'name==1 --hash=sha256:x',
    'name \\',
    'name # x',
    'name;',
    'name; ',
    'name; x',
    'name; os_name',
    "name; os_name=='a' and",
    "name; (os_name=='a'",
    "name; os_name=='a')",
    "name; os_name=='a' os_name=='b'",
    "name; os_name is 'a'",
    "name; os_name=='a\\'",
    "name; $(id)=='a'",
    "name; not os_name=='a'",
    'name; os_name == (extra)',
    'name@',
    'name @ ',
    'name @ file:///x',
    'name @ git+ssh://h/x',
    'name @ ../x',
    'name @ https://u:p@h/x',
    'name @ https://u@h/x',
    'name @ https://h/x y',
    'name @ https://h/x; extra',
    'name @ https://h/x ; extra',
    'name @ https://h/`id`',
    'name @ https://h/${X}',
    'name @ https://',
  ])('refuses %j', (requirement) => {
    expect(explainRequirement(requirement)).toMatch(/^[a-z].*[^.]$/);
  });

  test('answers at once whatever is repeated', () => {
    for (const part of ['a', 'a.', '(', ' ', '[a,', ',', '>=1,', "'", 'and ', '@ ']) {
      expect(explainRequirement(`a; ${part.repeat(20_000)}`)).toBeDefined();
      expect(explainRequirement(`${part.repeat(20_000)}!`)).toBeDefined();
    }
  });
});

describe('isPythonProjectName', () => {
  test.each(['a', 'A1', 'zope.interface', 'absl-py', 'typing_extensions'])('takes %s', (name) => {
    expect(isPythonProjectName(name)).toBe(true);
  });

  test.each(['', '-a', 'a-', 'a b', 'a\n', 'a[b]', 'a==1', 'ä'])('refuses %j', (name) => {
    expect(isPythonProjectName(name)).toBe(false);
  });
});
