import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import {
  CreateBucketCommand,
  GetObjectCommand,
  paginateListObjectsV2,
  S3Client,
} from '@aws-sdk/client-s3';
import { ensurePython } from './python-environment.js';
import { requirePackages } from './require-packages.js';
import { waitUntil } from './wait-until.js';

/** A server of S3 written by others, in Python. */
const PACKAGES = ['moto[s3]==5.2.5', 'flask==3.1.3', 'flask-cors==6.0.5'];
/** It takes 140 MB and a minute or two to make. */
const environment = () => ensurePython('moto-5.2.5', PACKAGES);
export const BUCKET = 'thoth';
const CREDENTIALS = { accessKeyId: 'an-id', secretAccessKey: 'very-secret' };

/** A real S3 server with an empty bucket. */
export interface MotoServer {
  readonly port: number;
  /** Python in which boto3 is installed. */
  readonly python: string;
  /** All that the bucket holds, by key. */
  objects(): Promise<Map<string, string>>;
  stop(): Promise<void>;
}

/** What Amun is told of it, or of what stands in front of it. */
export function s3Settings(endpoint: string, prefix = 'data/test/inspections') {
  return {
    AMUN_S3_BUCKET: BUCKET,
    AMUN_S3_PREFIX: prefix,
    AMUN_S3_ENDPOINT: endpoint,
    AMUN_S3_ACCESS_KEY_ID: CREDENTIALS.accessKeyId,
    AMUN_S3_SECRET_ACCESS_KEY: CREDENTIALS.secretAccessKey,
  };
}

/** `describe` for tests that need moto, as requirePackages has it. */
export function requireMoto(further = describe): jest.Describe {
  return requirePackages('moto', environment().missing, further);
}

export async function startMotoServer(): Promise<MotoServer> {
  const port = await freePort();
  const { python, missing } = environment();
  if (python === undefined) throw new Error(`no moto: ${missing}`);
  const words = ['-m', 'moto.server', '-H', '127.0.0.1', '-p', String(port)];
  const child = spawn(python, words, { stdio: 'ignore' });
  const client = new S3Client({
    endpoint: `http://127.0.0.1:${port}`,
    region: 'us-east-1',
    forcePathStyle: true,
    credentials: CREDENTIALS,
  });
  const stop = async (): Promise<void> => {
    client.destroy();
    if (child.exitCode !== null || child.signalCode !== null) return;
    const exited = once(child, 'exit');
    child.kill('SIGKILL');
    await exited;
  };
  const create = () => client.send(new CreateBucketCommand({ Bucket: BUCKET }));
  try {
    await waitUntil(
      () =>
        create().then(
          () => true,
          () => false,
        ),
      120_000,
    );
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    port,
    python,
    async objects() {
      const found = new Map<string, string>();
      for await (const { Contents = [] } of paginateListObjectsV2({ client }, { Bucket: BUCKET })) {
        for (const { Key = '' } of Contents) {
          const { Body } = await client.send(new GetObjectCommand({ Bucket: BUCKET, Key }));
          found.set(Key, (await Body?.transformToString()) ?? '');
        }
      }
      return found;
    },
    stop,
  };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
