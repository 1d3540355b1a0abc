import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findProgram } from '../../../cli/find-program.js';
import { findFreePorts } from '../../../cli/up/free-ports.js';
import { endLeftoverNats } from '../../../cli/up/leftover-nats.js';
import { writeNatsConfig } from '../../../cli/up/nats-config.js';
import { assignPorts, planStack, PORT_COUNT } from '../../../cli/up/plan-stack.js';
import { probeNats } from '../../../cli/up/probe.js';
import { prepareStack } from '../../../cli/up/stack-directory.js';
import { describeWithNats } from '../../nats-server.js';
import { waitUntil } from '../../wait-until.js';

describeWithNats("a stack's nats-server", () => {
  it('takes the secret only, and is ended where a killed supervisor left it behind', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'amun-up-'));
    // A name that configuration files like to stumble over.
    const stack = prepareStack(join(folder, 'state "of" mine'));
    const ports = assignPorts(1, await findFreePorts(PORT_COUNT));
    writeNatsConfig(stack, ports.nats);
    const program = findProgram('nats-server', process.env['PATH'] ?? '') ?? '';
    const plan = planStack(stack, ports, '/nowhere', program).nats;
    const nats = spawn(plan.command, plan.args, { stdio: 'ignore' });
    const ended = once(nats, 'exit');
    try {
      plan.onStart?.(nats.pid!);
      await waitUntil(async () => (await plan.probe()) === undefined);
      expect(await probeNats(ports.nats, 'guessed')()).toContain('Authorization Violation');
      expect(await endLeftoverNats(stack)).toBe(nats.pid);
      await ended;
      expect(await plan.probe()).toBe('it does not answer');
    } finally {
      nats.kill('SIGKILL');
      await rm(folder, { recursive: true, force: true });
    }
  });
});
