import type { Usage } from '../../../shared/inspection/report.js';
import type { Json } from '../../../shared/inspection/specification.js';
import { runReportKey } from '../../../shared/lifecycle/artifact-keys.js';
import type { Stage } from '../../shared/lifecycle/open-stage.js';

/** Makes the stored reports of an inspection say that its runs printed this, run by run. */
export async function letPrint(
  stage: Stage,
  id: string,
  outputs: readonly Json[],
  usage: Partial<Usage> = {},
): Promise<void> {
  const { artifacts } = stage.ports.store;
  for (const [item, stdout] of outputs.entries()) {
    const key = runReportKey(id, item);
    const report = JSON.parse(Buffer.from((await artifacts.get(key))!).toString()) as {
      usage: Usage;
    };
    const changed = { ...report, stdout, usage: { ...report.usage, ...usage } };
    await artifacts.put(key, JSON.stringify(changed));
  }
}
