import type { InspectionEvent } from '../../client/follow-events.js';
import type { OutputSink } from './output-sink.js';

/**
 * Writes what an event brings of logs; true where that is something. Output goes to the stream it
 * was written to, the build's log to `buildLogTo`: by default stderr, since stdout is the script's.
 *
 * @param labelled puts the number of its run in front of each line
 */
export function writeEvent(
  event: InspectionEvent,
  sink: OutputSink,
  labelled: boolean,
  buildLogTo: 'stdout' | 'stderr' = 'stderr',
): boolean {
  if (event.event === 'build_log') {
    sink.write(buildLogTo, event.text);
    return event.text !== '';
  }
  if (event.event === 'output') {
    sink.write(event.stream, event.text, labelled ? `[${event.item}] ` : undefined);
    return event.text !== '';
  }
  if (event.event === 'end') {
    for (const { item, ...cut } of event.cut) {
      for (const stream of ['stdout', 'stderr'] as const) {
        if (!cut[stream]) continue;
        sink.write('stderr', `(${stream} of run ${item} was longer than what is kept)\n`);
      }
    }
  }
  return false;
}
