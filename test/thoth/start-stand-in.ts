import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeCertificate } from '../shared/cluster/kubernetes/api/certificates.js';
import { ThothStandIn } from './thoth-stand-in.js';

export interface StartedStandIn {
  readonly thoth: ThothStandIn;
  /** "127.0.0.1:PORT", for THOTH_HOST. */
  readonly host: string;
  /** PEM: vouches for itself. */
  readonly certificate: string;
  stop(): Promise<void>;
}

/** Starts a stand-in with a certificate of its own; `now` is the clock of its cache. */
export async function startStandIn(now?: () => number): Promise<StartedStandIn> {
  const folder = await mkdtemp(join(tmpdir(), 'amun-thoth-'));
  try {
    const { cert, key } = makeCertificate(folder, 'thoth.example');
    const thoth = new ThothStandIn({ key, cert, ...(now === undefined ? {} : { now }) });
    const host = await thoth.start();
    return { thoth, host, certificate: cert, stop: () => thoth.stop() };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
