import { runCommand } from '../run-command.js';
import { diagnose } from './diagnose.js';

/**
 * Sees to it that the machine has what a stack needs, by its package manager where that may be used
 * without a question. Resolves to the last diagnosis, or undefined where something is still missing
 * and has been said.
 */
export async function ensurePrograms(options, say) {
  let diagnosis = await diagnose(options);
  if (diagnosis.install !== undefined) {
    if (!(await install(diagnosis.install, say))) return undefined;
    diagnosis = await diagnose(options);
  }
  if (diagnosis.ready) return diagnosis;
  for (const check of diagnosis.checks.filter(({ ok, needed }) => needed && !ok)) {
    say(`${check.name}: ${check.detail}; ${check.remedy}`);
  }
  say('That is missing; mend it and start again.');
  return undefined;
}

async function install(command, say) {
  const words = command.split(' ');
  if (words[0] === 'sudo') {
    const asked = await runCommand('sudo', ['-n', 'true']);
    if (asked.code !== 0) return refuse(command, say);
    words.splice(1, 0, '-n', 'env', 'DEBIAN_FRONTEND=noninteractive');
  } else if (words[0] === 'brew') {
    return refuse(command, say);
  }
  say(`Installing what is missing: ${command} …`);
  const environment = { DEBIAN_FRONTEND: 'noninteractive' };
  const apt = words.indexOf('apt-get');
  if (apt !== -1) {
    // A fresh system knows of no packages yet.
    const update = [...words.slice(0, apt + 1), 'update'];
    await runCommand(update[0], update.slice(1), { environment });
  }
  const { code, output } = await runCommand(words[0], words.slice(1), { environment });
  if (code === 0) return true;
  say(output.trim().split('\n').slice(-15).join('\n'));
  say(`That did not work. Run it yourself, then start again:\n  ${command}`);
  return false;
}

function refuse(command, say) {
  say(`Something is missing on this machine. Install it, then start again:\n  ${command}`);
  return false;
}
