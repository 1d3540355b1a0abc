import { onBuildComplete } from '../../../functions/on-build-complete/on-build-complete.js';
import { onJobComplete } from '../../../functions/on-job-complete/on-job-complete.js';
import { submit } from '../../../functions/submit/submit.js';
import type { AmunEvent } from '../../../shared/events/event.js';
import type { InspectionRecord } from '../../../shared/inspection/record.js';
import { advance } from '../../../shared/lifecycle/advance.js';
import type { Ports } from '../../../shared/lifecycle/ports.js';
import { openStage, specify, type Stage } from './open-stage.js';
import type { AgentPlan } from './play-agent.js';
import { runUntilQuiet } from './run-until-quiet.js';

describe('amun.inspection.complete', () => {
  let stage: Stage;
  beforeEach(async () => {
    stage = await openStage();
  });
  afterEach(() => stage.close());

  const announced = (events: readonly AmunEvent[]) =>
    events.filter(({ type }) => type === 'amun.inspection.complete');
  async function inspect(
    fields: Readonly<Record<string, unknown>> = {},
    plan: AgentPlan = {},
  ): Promise<InspectionRecord> {
    await submit(stage.ports, specify(fields));
    await runUntilQuiet(stage, plan);
    return stage.newest();
  }
  /** A bus that knows no duplicates: what every bus is after its window. */
  function forgetful(events: AmunEvent[]): Ports {
    const publish: Ports['bus']['publish'] = (event) => {
      events.push(event);
      return Promise.resolve({ duplicate: false });
    };
    return { ...stage.ports, bus: { ...stage.ports.bus, publish } };
  }

  it('is sent once, however late what led to it comes again', async () => {
    const { id, buildId } = await inspect();
    expect(announced(stage.bus.events)).toHaveLength(1);
    const later: AmunEvent[] = [];
    await onJobComplete(forgetful(later), id);
    await onBuildComplete(forgetful(later), buildId);
    await advance(forgetful(later), id);
    expect(later).toEqual([]);
  });

  it('is sent by whoever comes next where the one who wrote the end died', async () => {
    const { id } = await inspect();
    const { inFlight, inspections } = stage.ports.store;
    const { buildId } = (await inspections.get(id))!.value;
    await inFlight.add({ buildId, inspectionId: id });
    const later: AmunEvent[] = [];
    await advance(forgetful(later), id);
    await advance(forgetful(later), id);
    expect(announced(later)).toHaveLength(1);
    expect(await inFlight.list()).toEqual([]);
  });

  it('is not sent where send_messages is false', async () => {
    await inspect({ send_messages: false });
    expect(announced(stage.bus.events)).toEqual([]);
  });

  it('says what its readers act on', async () => {
    const fields = { force_sync: true, batch_size: 2 };
    const { id, buildId } = await inspect(fields, { run: () => ({ exitCode: 1 }) });
    expect(announced(stage.bus.events)).toMatchObject([
      {
        subject: id,
        data: {
          inspection_id: id,
          build_id: buildId,
          phase: 'failed',
          reason: 'ScriptFailed',
          force_sync: true,
          batch_size: 2,
        },
      },
    ]);
  });
});
