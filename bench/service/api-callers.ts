import { Agent, request } from 'node:http';
import type { SignedCall, SignedInvocation } from './signed-invocation.ts';

/** Callers of one port, each with a kept connection. They send the same to relay and service. */
export class ApiCallers {
  readonly #agent: Agent;
  readonly #port: number;

  constructor(port: number, callers: number) {
    this.#port = port;
    this.#agent = new Agent({ keepAlive: true, maxSockets: callers });
  }

  /** @returns ms until it was answered. */
  async call(invocation: SignedInvocation): Promise<number> {
    const begunMs = performance.now();
    const answer = await this.#exchange(invocation);
    const ms = performance.now() - begunMs;
    if (answer !== invocation.answer) throw new Error(`a wrong answer: ${answer}`);
    return ms;
  }

  /** Resolves when no environment, or runtime of the relay, is at work any more. */
  async settled(look: SignedCall): Promise<void> {
    for (;;) {
      const { environments } = JSON.parse(await this.#exchange(look)) as {
        environments: { state: string }[];
      };
      if (environments.every(({ state }) => state === 'idle')) return;
    }
  }

  /** So many callers at once, each of which takes the next one when it was answered. @returns ms for all. */
  async callAll(invocations: readonly SignedInvocation[], callers: number): Promise<number> {
    const queue = [...invocations].reverse();
    const caller = async () => {
      for (let next = queue.pop(); next !== undefined; next = queue.pop()) await this.call(next);
    };
    const begunMs = performance.now();
    await Promise.all(Array.from({ length: callers }, caller));
    return performance.now() - begunMs;
  }

  close(): void {
    this.#agent.destroy();
  }

  #exchange({ method, path, headers, body }: SignedCall): Promise<string> {
    return new Promise((resolve, reject) => {
      const options = {
        host: '127.0.0.1',
        port: this.#port,
        agent: this.#agent,
        method,
        path,
        headers,
      };
      const sent = request(options, (res) => {
        let text = '';
        res.setEncoding('utf8');
        res.on('data', (chunk: string) => {
          text += chunk;
        });
        res.on('end', () => {
          if (res.statusCode === 200) resolve(text);
          else reject(new Error(`a request was answered ${res.statusCode}: ${text}`));
        });
      });
      sent.on('error', reject);
      sent.end(body);
    });
  }
}
