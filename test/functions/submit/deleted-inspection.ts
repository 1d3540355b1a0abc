import { deleteInspection } from '../../../functions/submit/delete.js';
import type { InspectionRecord } from '../../../shared/inspection/record.js';
import { artifactKeysOf } from '../../../shared/lifecycle/artifact-keys.js';
import type { Stage } from '../../shared/lifecycle/open-stage.js';

/** Keys of what is still there of an inspection. */
export async function leftOf(
  { ports: { store } }: Stage,
  record: InspectionRecord,
): Promise<string[]> {
  const { id } = record;
  const found = await Promise.all(
    artifactKeysOf(record).map(async (key) =>
      (await store.artifacts.get(key)) === undefined ? [] : [key],
    ),
  );
  return [
    ...found.flat(),
    ...((await store.inspections.get(id)) === undefined ? [] : ['record']),
    ...((await store.index.list(1, 100)).ids.includes(id) ? ['index'] : []),
    ...(await store.inFlight.list()).flatMap((entry) =>
      entry.inspectionId === id ? ['in flight'] : [],
    ),
  ];
}

/** Fails unless deleting it says that it does not exist. */
export async function expectGone(stage: Stage, id: string): Promise<void> {
  await expect(deleteInspection(stage.ports, id)).rejects.toMatchObject({ code: 'NotFound' });
}
