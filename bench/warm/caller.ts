import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { Agent, request } from 'node:http';
import { fileURLToPath } from 'node:url';

/** One invocation as its caller saw it, ms from sending the request. */
export interface Call {
  readonly answeredMs: number;
  /** Until nothing of it was left to do: the next one could begin. */
  readonly settledMs: number;
}

/** A caller with one kept connection, and the process it calls. */
export class Caller {
  readonly #agent = new Agent({ keepAlive: true, maxSockets: 1 });
  readonly #child: ChildProcess;
  readonly #port: number;
  #count = 0;

  private constructor(child: ChildProcess, port: number) {
    this.#child = child;
    this.#port = port;
  }

  /** Starts `serve.ts` for one side. */
  static async open(side: 'bare' | 'plain' | 'thaw', extensions: 0 | 1): Promise<Caller> {
    const child = fork(fileURLToPath(import.meta.resolve('./serve.ts')), [side, String(extensions)], {
      // Ctrl-C reaches the whole group; the channel's end is what closes the server.
      detached: true,
    });
    const failed = once(child, 'exit').then(([code]) => {
      throw new Error(`the server of side ${side} ended with ${code} before it was ready`);
    });
    const [port] = await Promise.race([once(child, 'message'), failed]);
    failed.catch(() => {});
    return new Caller(child, port as number);
  }

  async call(): Promise<Call> {
    this.#count += 1;
    const body = `{"n":${this.#count}}`;
    const begun = process.hrtime.bigint();
    const answer = await this.#exchange('POST', body);
    const answered = process.hrtime.bigint();
    if (answer !== `{"echo":${this.#count}}`) throw new Error(`a wrong answer: ${answer}`);
    const settled = BigInt(await this.#exchange('GET', ''));
    return { answeredMs: Number(answered - begun) / 1e6, settledMs: Number(settled - begun) / 1e6 };
  }

  async calls(count: number): Promise<Call[]> {
    const calls: Call[] = [];
    for (let done = 0; done < count; done += 1) calls.push(await this.call());
    return calls;
  }

  async close(): Promise<void> {
    this.#agent.destroy();
    const exited = once(this.#child, 'exit');
    this.#child.disconnect();
    await exited;
  }

  #exchange(method: string, body: string): Promise<string> {
    return new Promise((resolve, reject) => {
      const headers = { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(body) };
      const options = { host: '127.0.0.1', port: this.#port, agent: this.#agent, method, headers };
      const req = request(options, (res) => {
        let text = '';
        res.setEncoding('utf8');
        res.on('data', (chunk: string) => {
          text += chunk;
        });
        res.on('end', () => {
          if (res.statusCode === 200) resolve(text);
          else reject(new Error(`${method} was answered ${res.statusCode}: ${text}`));
        });
      });
      req.on('error', reject);
      req.end(body);
    });
  }
}
