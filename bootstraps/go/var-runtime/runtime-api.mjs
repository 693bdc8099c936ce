import http from 'node:http';

const [host, port] = (process.env.AWS_LAMBDA_RUNTIME_API ?? '').split(':');
const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });

/** The next event; waits for as long as it takes. */
export async function nextInvocation() {
  const { status, headers, body } = await request('GET', 'invocation/next');
  if (status !== 200) throw new Error(`the Runtime API has no next invocation: ${status} ${body}`);
  return { headers, payload: body };
}

export async function postResponse(requestId, body) {
  await post(`invocation/${requestId}/response`, body);
}

export async function postError(requestId, body) {
  await post(`invocation/${requestId}/error`, JSON.stringify(body));
}

export async function postInitError(type, body) {
  await post('init/error', JSON.stringify(body), { 'Lambda-Runtime-Function-Error-Type': type });
}

async function post(path, body, headers = {}) {
  // An answer that is too large is refused; the caller has been told, and the next event is waiting.
  const { status } = await request('POST', path, body, { 'Content-Type': 'application/json', ...headers });
  if (status >= 500) process.exit(1);
}

function request(method, path, body, headers = {}) {
  return new Promise((resolve, reject) => {
    const length = body === undefined ? {} : { 'Content-Length': Buffer.byteLength(body) };
    const options = { host, port, method, agent, path: `/2018-06-01/runtime/${path}` };
    const outgoing = http.request({ ...options, headers: { ...headers, ...length } }, (response) => {
      const chunks = [];
      response.on('data', (chunk) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () => {
        resolve({ status: response.statusCode, headers: response.headers, body: Buffer.concat(chunks) });
      });
    });
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}
