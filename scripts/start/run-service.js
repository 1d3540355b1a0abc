import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { ROOT } from '../root.js';
import { AMUN } from './amun.js';

const READY = /^ready on (http:\/\/\S+)$/m;

/** The running service: its address, its end, and a way to end it. */
export class Service {
  #child;
  #gone;

  constructor({ dir, port }) {
    // Ctrl-C in the terminal is for us; the service is ended in order. Should we be killed, it
    // notices by the channel.
    this.#child = spawn(process.execPath, [AMUN, 'up', '--dir', dir, '--port', port], {
      cwd: ROOT,
      detached: true,
      stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
    });
    this.#gone = once(this.#child, 'exit').then(([code]) => code ?? 1);
  }

  /** Resolves to the address once it is ready, or to undefined where it ended before. */
  async whenReady() {
    let seen = '';
    const ready = new Promise((resolve) => {
      this.#child.stdout.setEncoding('utf8').on('data', (text) => {
        seen += text;
        const url = READY.exec(seen)?.[1];
        if (url !== undefined) resolve(url);
      });
    });
    return await Promise.race([ready, this.#gone.then(() => undefined)]);
  }

  /** Tells it to end; a second time: at once. */
  end() {
    this.#child.kill('SIGTERM');
  }

  /** Resolves to its exit code. */
  async whenGone() {
    return await this.#gone;
  }
}
