// The thread that speaks to the Extensions API; a busy handler does not keep it from asking for the next event.
const fs = require('node:fs');
const http = require('node:http');
const { workerData: registered } = require('node:worker_threads');

main().catch((error) => say(error.message));

async function main() {
  const name = 'internal-nodejs';
  const { headers } = await call(
    'POST',
    'register',
    { 'Lambda-Extension-Name': name },
    '{"events":["INVOKE"]}',
  ).finally(() => {
    Atomics.store(registered, 0, 1);
    Atomics.notify(registered, 0);
  });
  const identity = { 'Lambda-Extension-Identifier': headers['lambda-extension-identifier'] };
  for (;;) {
    const event = JSON.parse((await call('GET', 'event/next', identity)).body);
    say(`INVOKE ${event.requestId}, resident set ${Math.round(process.memoryUsage().rss / 1024 / 1024)} MiB`);
  }
}

/** A thread's console goes through the main thread, which may be busy: write straight to the log. */
function say(line) {
  fs.writeSync(1, `internal-nodejs: ${line}\n`);
}

function call(method, endpoint, headers, body) {
  const url = `http://${process.env.AWS_LAMBDA_RUNTIME_API}/2020-01-01/extension/${endpoint}`;
  return new Promise((resolve, reject) => {
    const request = http.request(url, { method, headers }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk) => {
        text += chunk;
      });
      response.on('end', () => {
        if (response.statusCode === 200) resolve({ headers: response.headers, body: text });
        else reject(new Error(`${method} ${endpoint} was answered ${response.statusCode}: ${text}`));
      });
    });
    request.on('error', reject).end(body);
  });
}
