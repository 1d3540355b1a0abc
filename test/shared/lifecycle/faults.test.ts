import { onBuildComplete } from '../../../functions/on-build-complete/on-build-complete.js';
import { onJobComplete } from '../../../functions/on-job-complete/on-job-complete.js';
import { cancel } from '../../../functions/submit/cancel.js';
import { newClaim, submit } from '../../../functions/submit/submit.js';
import { Reconciler } from '../../../services/watcher/reconcile.js';
import { carryOutOnce, type Claim } from '../../../shared/lifecycle/idempotency.js';
import { describeFaults, type FaultCase } from './describe-faults.js';
import { specify, type Stage } from './open-stage.js';
import { endBuild, playAgent, type AgentPlan } from './play-agent.js';
import { runUntilQuiet } from './run-until-quiet.js';

const SPECIFICATION = specify({ batch_size: 2 });
const CANCELLED_BUILD: AgentPlan = { build: { reason: 'Cancelled' } };

const submitOne = async (stage: Stage): Promise<void> => {
  await submit(stage.ports, SPECIFICATION);
};
const running = async (stage: Stage): Promise<void> => {
  await submitOne(stage);
  await playAgent(stage);
  await onBuildComplete(stage.ports, (await stage.newest()).buildId);
};
const buildOf = async (stage: Stage): Promise<string> => (await stage.newest()).buildId;
const idOf = async (stage: Stage): Promise<string> => (await stage.newest()).id;

const CASES: readonly FaultCase[] = [
  {
    name: 'submit',
    act: (ports) => submit(ports, SPECIFICATION),
    maySubmitTwice: true,
  },
  {
    name: 'submit with an idempotency key, and again where it failed',
    act: (ports) => {
      const request = {
        key: 'k',
        request: 'r',
        newId: () => newClaim(ports, SPECIFICATION).id,
        carryOut: async (claim: Claim) => {
          const { id } = await submit(ports, SPECIFICATION, claim);
          return { id };
        },
      };
      return carryOutOnce(ports, request);
    },
    repeats: true,
  },
  {
    name: 'submit that finds its image built',
    before: async (stage) => {
      await submitOne(stage);
      await runUntilQuiet(stage);
    },
    act: (ports) => submit(ports, SPECIFICATION),
    maySubmitTwice: true,
  },
  {
    name: 'submit that joins a build that ends at this moment',
    before: async (stage) => {
      await submitOne(stage);
      await endBuild(stage, await buildOf(stage));
    },
    act: (ports) => submit(ports, SPECIFICATION),
    maySubmitTwice: true,
  },
  {
    name: 'submit of what no machine can run',
    act: (ports) => submit(ports, specify({ run: { requests: { hardware: { cpu_family: 1 } } } })),
    phase: 'failed',
    builds: 0,
    maySubmitTwice: true,
  },
  {
    name: 'on-build-complete',
    before: async (stage) => {
      await submitOne(stage);
      await playAgent(stage);
    },
    act: async (ports, stage) => onBuildComplete(ports, await buildOf(stage)),
  },
  {
    name: 'on-build-complete of a build that was cancelled under somebody who joined it',
    before: async (stage) => {
      await submitOne(stage);
      await endBuild(stage, await buildOf(stage), CANCELLED_BUILD);
    },
    act: async (ports, stage) => onBuildComplete(ports, await buildOf(stage)),
    builds: 2,
  },
  {
    name: 'on-job-complete',
    before: async (stage) => {
      await running(stage);
      await playAgent(stage);
    },
    act: async (ports, stage) => onJobComplete(ports, await idOf(stage)),
  },
  {
    name: 'cancel while it is built',
    before: submitOne,
    act: async (ports, stage) => cancel(ports, await idOf(stage)),
    phase: 'cancelled',
  },
  {
    name: 'cancel while it runs',
    before: running,
    act: async (ports, stage) => cancel(ports, await idOf(stage)),
    phase: 'cancelled',
  },
  {
    name: 'reconcile after every event was lost',
    before: running,
    act: async (ports, stage) => {
      await playAgent(stage);
      const reconciler = new Reconciler(ports, ports.now());
      await reconciler.reconcile();
      await reconciler.reconcile();
    },
  },
];

describeFaults(CASES);
