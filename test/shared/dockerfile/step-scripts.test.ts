import { execFileSync, spawnSync } from 'node:child_process';
import { STEP_SCRIPTS, stepScript } from '../../../shared/dockerfile/step-scripts.js';
import { requireTools } from '../../require-tools.js';

test('each script is whole: it begins as a program, and has its beginning once', () => {
  for (const name of STEP_SCRIPTS) {
    const { path, content } = stepScript(name);
    expect(path).toBe(name);
    expect(content.startsWith('#!/bin/sh\n')).toBe(true);
    expect(content.split('set -eu').length).toBe(2);
  }
});

requireTools(['shellcheck'])('shellcheck', () => {
  test.each(STEP_SCRIPTS)('finds nothing in %s', (name) => {
    const { stdout } = spawnSync('shellcheck', ['--shell=sh', '-'], {
      input: stepScript(name).content,
      encoding: 'utf8',
    });
    expect(stdout).toBe('');
  });
});

requireTools(['busybox'])('busybox', () => {
  test.each(STEP_SCRIPTS)('its sh can read %s', (name) => {
    const input = stepScript(name).content;
    expect(execFileSync('busybox', ['sh', '-n'], { input, encoding: 'utf8' })).toBe('');
  });
});
