import { GobReader } from './gob-reader.mjs';
import { GobWriter } from './gob-writer.mjs';

// What Go's net/rpc and github.com/aws/aws-lambda-go/lambda/messages call these, field by field.
const kinds = {
  Request: { ServiceMethod: 'string', Seq: 'uint' },
  PingRequest: {},
  InvokeRequest_Timestamp: { Seconds: 'int', Nanos: 'int' },
  InvokeRequest: {
    Payload: 'bytes',
    RequestId: 'string',
    XAmznTraceId: 'string',
    Deadline: 'InvokeRequest_Timestamp',
    InvokedFunctionArn: 'string',
    CognitoIdentityId: 'string',
    CognitoIdentityPoolId: 'string',
    ClientContext: 'bytes',
  },
};

/** A client of Go's net/rpc, with one call at a time: each is a header and a body, and so is each answer. */
export class RpcClient {
  #socket;
  #writer = new GobWriter(kinds);
  #reader = new GobReader();
  #calls = 0;
  #header;
  #waiting;

  constructor(socket) {
    this.#socket = socket;
    socket.on('data', (chunk) => {
      try {
        for (const value of this.#reader.read(chunk)) this.#take(value);
      } catch (error) {
        this.#fail(error);
      }
    });
    socket.on('error', (error) => this.#fail(error));
    socket.on('close', () => this.#fail(new Error('the function closed its connection')));
  }

  /** Resolves with the answer's body; rejects where the service method itself failed, or the connection. */
  call(method, kind, body) {
    this.#waiting = Promise.withResolvers();
    const header = this.#writer.message('Request', { ServiceMethod: method, Seq: this.#calls });
    this.#calls += 1;
    this.#socket.write(Buffer.concat([header, this.#writer.message(kind, body)]));
    return this.#waiting.promise;
  }

  #take(value) {
    if (this.#header === undefined) {
      this.#header = value;
      return;
    }
    const { Error: failure } = this.#header;
    this.#header = undefined;
    if (failure === undefined) this.#waiting?.resolve(value);
    else this.#waiting?.reject(Object.assign(new Error(failure), { isAnswer: true }));
  }

  #fail(error) {
    this.#waiting?.reject(error);
  }
}
