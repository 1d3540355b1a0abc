import json from './json.sh';
import preamble from './preamble.sh';
import clock from './entrypoint/clock.sh';
import fetchScript from './entrypoint/fetch.sh';
import lines from './entrypoint/lines.sh';
import linesByDd from './entrypoint/lines-dd.sh';
import linesByShell from './entrypoint/lines-sh.sh';
import log from './entrypoint/log.sh';
import main from './entrypoint/main.sh';
import prepare from './entrypoint/prepare.sh';
import processes from './entrypoint/process.sh';
import pumpByDd from './entrypoint/pump-dd.sh';
import pumpByShell from './entrypoint/pump-sh.sh';
import pump from './entrypoint/pump.sh';
import report from './entrypoint/report.sh';
import script from './entrypoint/script.sh';
import shelter from './entrypoint/shelter.sh';
import system from './entrypoint/system.sh';

/** Process 1 of every run, as one POSIX shell script: functions first, then the call that starts. */
export const ENTRYPOINT_SCRIPT = [
  preamble,
  json,
  shelter,
  processes,
  clock,
  system,
  fetchScript,
  prepare,
  log,
  pump,
  pumpByDd,
  pumpByShell,
  lines,
  linesByDd,
  linesByShell,
  script,
  report,
  main,
].join('\n');
