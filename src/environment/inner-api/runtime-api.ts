import type { IncomingMessage, ServerResponse } from 'node:http';
import { type Fault, sanitiseErrorType } from '../../domain/fault.ts';
import type { Invocation } from '../../domain/invocation.ts';
import { maxResponseBytes, maxStreamedResponseBytes } from '../../domain/limits.ts';
import { endWith } from '../../foundation/end-with.ts';
import type { Reply } from '../../lifecycle/effect.ts';
import type { Call } from '../../lifecycle/happening.ts';
import { invalidResponseMode, tooLarge, truncated } from './answer-faults.ts';
import { type Body, readBody } from './body.ts';
import { errorFields } from './error-fields.ts';
import { header } from './header.ts';
import { sendAccepted, sendError, sendJson, sendRefusal } from './http-answer.ts';
import { invokeHeaders } from './invoke-headers.ts';
import { LongPolls } from './long-polls.ts';
import { contentTypeOf, type PostedAnswer, postedAnswer } from './posted-answer.ts';
import { StreamedBody } from './streamed-body.ts';

/**
 * The Runtime API, version 2018-06-01, of one generation ("Using the Lambda runtime API for custom runtimes").
 * It carries bytes; whether a call is allowed is asked of `happen`. Nobody checks who calls: an extension may poll in
 * the runtime's place, or sit between the two as a proxy.
 */
export class RuntimeApi {
  readonly #happen: (call: Call) => Reply;
  readonly #polls: LongPolls;
  #event: { readonly headers: Record<string, string | number>; readonly payload: Buffer } | undefined;
  #onStream: Invocation['onStream'];
  #passingOn: StreamedBody | undefined;
  #posted: PostedAnswer | undefined;
  #initErrorBody: PostedAnswer | undefined;
  #readingInitError = false;

  constructor(happen: (call: Call) => Reply, onVanished: () => void) {
    this.#happen = happen;
    this.#polls = new LongPolls(onVanished);
  }

  /** The answer the runtime gave; undefined when it gave none. */
  get posted(): PostedAnswer | undefined {
    return this.#posted;
  }

  /** Body of an accepted `init/error`. */
  get initErrorBody(): PostedAnswer | undefined {
    return this.#initErrorBody;
  }

  get polls(): number {
    return this.#polls.size;
  }

  deliver(invocation: Invocation, deadlineMs: number): void {
    this.#posted = undefined;
    this.#onStream = invocation.onStream;
    this.#event = { headers: invokeHeaders(invocation, deadlineMs), payload: invocation.payload };
    this.#polls.release((res) => this.#send(res));
  }

  /** A response that is being passed on ends where it is: the invocation has its answer. */
  breakOff(): void {
    this.#passingOn?.breakOff();
  }

  abandon(): void {
    this.#polls.abandon();
  }

  next(res: ServerResponse): void {
    const before = this.#event;
    const reply = this.#happen({ type: 'runtimeNext' });
    // Deciding may have made an event due for this very poll: the end of a suppressed init does.
    const due = reply.kind === 'eventAgain' || this.#event !== before;
    if (reply.kind === 'refused') sendRefusal(res, reply);
    else if (due) this.#send(res);
    else this.#polls.park(res);
  }

  ping(req: IncomingMessage, res: ServerResponse): void {
    if (req.headers['thaw-phase'] === 'function-init') this.#happen({ type: 'functionInit' });
    res.writeHead(200, { 'Content-Type': 'text/plain', 'Content-Length': 4 });
    res.end('pong');
  }

  async answer(
    req: IncomingMessage,
    res: ServerResponse,
    kind: 'response' | 'error',
    requestId: string,
  ): Promise<void> {
    const begun = this.#happen({ type: 'answerBegun', requestId, kind });
    if (begun.kind === 'refused') {
      req.resume();
      sendRefusal(res, begun);
      return;
    }
    const mode = req.headers['lambda-runtime-function-response-mode'];
    if (kind === 'response' && mode !== undefined && mode !== 'streaming') {
      req.resume();
      this.#happen({ type: 'answerFailed', fault: invalidResponseMode });
      sendError(res, 400, 'InvalidFunctionResponseMode', 'Invalid function response mode');
      return;
    }
    const passesOn = mode === 'streaming' && kind === 'response' && this.#onStream !== undefined;
    const limit = passesOn ? maxStreamedResponseBytes : maxResponseBytes;
    const body = passesOn ? await this.#passOn(req, this.#onStream!) : await readBody(req, limit);
    if (body.kind === 'truncated') {
      this.#happen({ type: 'answerFailed', fault: truncated });
      sendError(res, 400, 'TruncatedHTTPRequest', 'HTTP request detected as truncated');
      return;
    }
    if (body.kind === 'tooLarge') {
      this.#happen({ type: 'answerFailed', fault: tooLarge(body.length, limit) });
      const message = `Exceeded maximum allowed payload size (${limit} bytes).`;
      sendError(res, 413, 'RequestEntityTooLarge', message);
      return;
    }
    const [bytes, length] = body.kind === 'whole' ? [body.bytes, body.bytes.length] : [nothing, body.length];
    const answer = postedAnswer(req, kind, bytes, mode === 'streaming');
    this.#posted = answer;
    const isError = answer.kind === 'error';
    const done = this.#happen({ type: 'answerDone', bytes: length, isError });
    if (done.kind === 'refused') sendRefusal(res, done);
    // The caller first: what waits for the answer runs in the microtasks that are due now, before the next tick.
    else process.nextTick(sendAccepted, res);
  }

  async initError(req: IncomingMessage, res: ServerResponse): Promise<void> {
    // One at a time: only one can be accepted, and each may cost megabytes.
    if (this.#readingInitError) {
      req.resume();
      const message = 'Another init error is being reported';
      sendError(res, 403, 'InvalidStateTransition', message);
      return;
    }
    this.#readingInitError = true;
    const body: Body = await readBody(req, maxResponseBytes);
    this.#readingInitError = false;
    if (body.kind === 'truncated') return;
    if (body.kind === 'tooLarge') {
      const message = `Exceeded maximum allowed payload size (${maxResponseBytes} bytes).`;
      sendError(res, 413, 'RequestEntityTooLarge', message);
      return;
    }
    const payload = body.bytes;
    const type = sanitiseErrorType(header(req, 'lambda-runtime-function-error-type'));
    const contentType = isJson(payload) ? 'application/json' : 'application/octet-stream';
    const earlier = this.#initErrorBody;
    this.#initErrorBody = { kind: 'error', payload, contentType, streamed: false };
    const fault: Fault = {
      type,
      subject: 'runtime',
      message: `the runtime reported an init error: ${described(type, payload)}`,
    };
    const reply = this.#happen({ type: 'runtimeInitError', fault });
    if (reply.kind === 'refused') {
      this.#initErrorBody = earlier;
      sendRefusal(res, reply);
    } else sendAccepted(res);
  }

  async #passOn(req: IncomingMessage, onStream: NonNullable<Invocation['onStream']>) {
    const body = new StreamedBody(req, maxStreamedResponseBytes);
    this.#passingOn = body;
    onStream({ contentType: contentTypeOf(req), body: body.readable });
    const outcome = await body.done;
    if (this.#passingOn === body) this.#passingOn = undefined;
    return outcome;
  }

  #send(res: ServerResponse): void {
    const event = this.#event;
    if (!event) {
      sendJson(res, 500, { errorMessage: 'Internal Server Error', errorType: 'InternalServerError' });
      return;
    }
    res.writeHead(200, event.headers);
    endWith(res, event.payload);
  }
}

const nothing = Buffer.alloc(0);

/** The reported type, with the body's own words where it has them. */
function described(type: string, body: Buffer): string {
  const { errorType, errorMessage } = errorFields(body);
  const words = [errorType === type ? undefined : errorType, errorMessage].filter(Boolean).join(': ');
  return words === '' ? type : `${type}: ${words.slice(0, 1000)}`;
}

function isJson(bytes: Buffer): boolean {
  try {
    JSON.parse(bytes.toString('utf8'));
    return true;
  } catch {
    return false;
  }
}
