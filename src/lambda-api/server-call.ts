import type { IncomingHttpHeaders, ServerResponse } from 'node:http';
import type { Principal } from '../domain/principal.ts';
import type { Call } from './operation.ts';
import type { Service } from './service.ts';

export class ServerCall implements Call {
  readonly requestId: string;
  readonly principal: Principal;
  readonly service: Service;
  readonly headers: IncomingHttpHeaders;
  readonly #res: ServerResponse;
  #controller: AbortController | undefined;

  constructor(parts: Pick<Call, 'requestId' | 'principal' | 'service' | 'headers'>, res: ServerResponse) {
    this.requestId = parts.requestId;
    this.principal = parts.principal;
    this.service = parts.service;
    this.headers = parts.headers;
    this.#res = res;
  }

  /** Made when it is first asked for: most operations are done before anybody could be gone. */
  get signal(): AbortSignal {
    if (this.#controller === undefined) {
      const controller = new AbortController();
      this.#controller = controller;
      if (this.#res.closed) this.#abortUnlessAnswered(controller);
      else this.#res.once('close', () => this.#abortUnlessAnswered(controller));
    }
    return this.#controller.signal;
  }

  #abortUnlessAnswered(controller: AbortController): void {
    if (!this.#res.writableFinished) controller.abort(new Error('The caller is gone.'));
  }
}
