import type { Finding } from '../../errors/amun-error.js';
import { readQuantity } from '../quantity.js';
import { jsonPointer, quoteText } from '../validation/json-pointer.js';
import type { SentStage } from '../validation/sent-specification.js';
import { findControlCharacter } from './control-characters.js';

interface Range {
  readonly least: string;
  readonly most: string;
  readonly example: string;
}

const CPU: Range = { least: '1m', most: '4096', example: '"500m" or "2"' };
/** Container engines start nothing with less than some 6 MiB. */
const MEMORY: Range = { least: '8Mi', most: '64Ti', example: '"256Mi" or "1.5Gi"' };

/** CPU and memory must be quantities that some machine could have. */
export function checkRequests(stageName: 'build' | 'run', stage: SentStage): Finding[] {
  const { cpu, memory, hardware } = stage.requests ?? {};
  const at = [stageName, 'requests'];
  const findings: Finding[] = [];
  const cpuMessage = explain(`${stageName}.requests.cpu`, cpu, CPU);
  if (cpuMessage !== undefined)
    findings.push({ pointer: jsonPointer(...at, 'cpu'), message: cpuMessage });
  const memoryMessage = explain(`${stageName}.requests.memory`, memory, MEMORY);
  if (memoryMessage !== undefined) {
    findings.push({ pointer: jsonPointer(...at, 'memory'), message: memoryMessage });
  }
  const control = findControlCharacter(hardware?.processor ?? '');
  if (control !== undefined) {
    findings.push({
      pointer: jsonPointer(...at, 'hardware', 'processor'),
      message: `The processor holds the control character ${control}; write its name as /proc/cpuinfo has it.`,
    });
  }
  return findings;
}

function explain(
  place: string,
  sent: string | number | undefined,
  range: Range,
): string | undefined {
  if (sent === undefined) return undefined;
  const text = String(sent);
  const value = readQuantity(text);
  const { least, most, example } = range;
  if (value === undefined) {
    return `${place} ${quoteText(text)} is no Kubernetes quantity; write for example ${example}.`;
  }
  if (value < (readQuantity(least) ?? 0)) {
    const hint =
      /m$/.test(text) && place.endsWith('memory') ? ' (m means thousandths; Mi is mebibytes)' : '';
    return `${place} ${quoteText(text)} is too small${hint}; write ${least} or more, for example ${example}.`;
  }
  if (value > (readQuantity(most) ?? Infinity)) {
    return `${place} ${quoteText(text)} is too large; write ${most} or less, for example ${example}.`;
  }
  return undefined;
}
