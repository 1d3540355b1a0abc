import type { Config } from '../../shared/config/config.js';
import { checkBaseImages, reachWith } from './check-base-images.js';
import { checkContainerEngine } from './check-container-engine.js';
import { checkDisk } from './check-disk.js';
import { checkExport } from './check-export.js';
import { checkNats } from './check-nats.js';
import { checkNode } from './check-node.js';
import { checkPort } from './check-port.js';
import { checkPrograms } from './check-programs.js';
import type { Finding, Machine } from './finding.js';
import { installHere } from './packages.js';

export interface Diagnosis {
  /** True where nothing that is needed is missing. */
  readonly ready: boolean;
  readonly checks: readonly Finding[];
  /** One command that installs everything that packages can mend; absent where there is nothing. */
  readonly install?: string;
}

/** Looks at everything that a stack on this machine needs. */
export async function examine(
  machine: Machine,
  config: Pick<Config, 'local' | 'operator'> & Partial<Pick<Config, 's3'>>,
): Promise<Diagnosis> {
  const looked = await Promise.all([
    checkNats(machine),
    checkContainerEngine(machine, config.local),
    checkBaseImages(machine, reachWith(config.operator.environment)),
    checkDisk(machine),
    checkPort(machine),
    checkExport(config.s3),
  ]);
  const found = looked.filter((finding) => finding !== undefined);
  const checks = [checkNode(machine), checkPrograms(machine), ...found];
  const packages = [
    ...new Set(checks.flatMap((check) => (check.ok ? [] : (check.packages ?? [])))),
  ];
  return {
    ready: checks.every((check) => check.ok || !check.needed),
    checks,
    ...(packages.length === 0 ? {} : { install: await installHere(packages, machine) }),
  };
}
