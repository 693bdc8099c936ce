import http from 'node:http';

/** Registers an external extension. Returns its identifier. */
export async function register(name, events) {
  const { headers } = await call(
    'POST',
    'register',
    { 'Lambda-Extension-Name': name },
    JSON.stringify({ events }),
  );
  return headers['lambda-extension-identifier'];
}

/** Waits, without a limit, for the next event; tells the platform that the work for the one before is done. */
export async function nextEvent(identifier) {
  return JSON.parse((await call('GET', 'event/next', { 'Lambda-Extension-Identifier': identifier })).body);
}

/** node:http and not fetch: fetch gives up after 300 s without an answer, and an environment may be frozen for hours. */
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
