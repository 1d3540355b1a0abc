import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { JsonObject } from '../../../shared/inspection/specification.js';
import type { AdvisedStack } from '../../thoth/answer.js';
import { type StartedStandIn, startStandIn } from '../../thoth/start-stand-in.js';
import { lockOf } from './fake-client.js';
import { type Advised, makeFolder, readFrom, runAdvise } from './run-advise.js';

const SOURCE = { name: 'pypi', url: 'https://index.example/simple', verify_ssl: true };
export const PIPFILE = `[[source]]
name = "pypi"
url = "https://index.example/simple"
verify_ssl = true

[packages]
six = "*"

[dev-packages]

[requires]
python_version = "3.11"
`;
export const OWN_LOCK = lockOf({ six: '==1.16.0' }, [SOURCE]);
export const ADVISED: AdvisedStack = {
  requirements: {
    packages: { six: '*' },
    'dev-packages': {},
    requires: { python_version: '3.11' },
    source: [SOURCE],
  },
  requirementsLocked: JSON.parse(lockOf({ six: '==1.17.0' }, [SOURCE])) as JsonObject,
  score: 0.75,
  justification: [
    { type: 'INFO', message: 'six 1.17.0 is faster', link: 'https://thoth.example/f' },
  ],
  stackInfo: [{ type: 'WARNING', message: 'six is old', link: 'https://thoth.example/o' }],
};
export const TEMPLATE = readFileSync('examples/s2i-tensorflow/thoth.yaml.template', 'utf8');

/** An application, a stand-in for Thoth, and the real thamos between them. */
export class RealStage {
  readonly folder = mkdtempSync(join(tmpdir(), 'amun-thamos-test-'));
  readonly app = join(this.folder, 'app');
  /** What the stand-in's cache takes for the time. */
  now = Date.UTC(2026, 0, 1);
  #started: StartedStandIn | undefined;

  constructor(private readonly thamos: string) {}

  /** Starts the stand-in, which recommends ADVISED; the application has a configuration for it. */
  async start(): Promise<this> {
    this.#started = await startStandIn(() => this.now);
    this.#started.thoth.answer = () => ({ kind: 'advice', stack: ADVISED });
    this.write({ 'app.py': 'import six\nprint(six.PY3)\n', template: TEMPLATE });
    this.configure('  - name: here\n    python_version: "3.11"\n');
    this.reset();
    return this;
  }

  /** The files as the repository has them. */
  reset(): void {
    this.write({ Pipfile: PIPFILE, 'Pipfile.lock': OWN_LOCK });
  }

  configure(environments: string): void {
    const head = `host: ${this.started.host}\ntls_verify: false\n`;
    this.write({ '.thoth.yaml': `${head}runtime_environments:\n${environments}` });
  }

  write(files: Readonly<Record<string, string>>): void {
    makeFolder(this.app, files);
  }

  read(name: string): string | undefined {
    return readFrom(this.app, name);
  }

  /** The locked version of six. */
  version(): string | undefined {
    const lock = JSON.parse(this.read('Pipfile.lock') ?? '{}') as {
      default?: { six?: { version?: string } };
    };
    return lock.default?.six?.version;
  }

  advise(environment: Readonly<Record<string, string>> = {}): Promise<Advised> {
    const own = { THOTH_CLIENT: this.thamos, THAMOS_RETRY_ON_ERROR_SLEEP: '0.1' };
    return runAdvise(this.app, { environment: { ...own, ...environment } });
  }

  get started(): StartedStandIn {
    if (this.#started === undefined) throw new Error('start it first');
    return this.#started;
  }

  get thoth(): StartedStandIn['thoth'] {
    return this.started.thoth;
  }

  async stop(): Promise<void> {
    await this.started.stop();
    rmSync(this.folder, { recursive: true });
  }
}
