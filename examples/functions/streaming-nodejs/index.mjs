import { setTimeout as pause } from 'node:timers/promises';

/** Streams a countdown from `event.from` (default 3), one line every `event.pauseMs` (default 100). */
export const handler = awslambda.streamifyResponse(async (event, responseStream) => {
  responseStream.setContentType('text/plain');
  for (let count = event.from ?? 3; count > 0; count--) {
    responseStream.write(`${count}\n`);
    await pause(event.pauseMs ?? 100);
  }
  responseStream.end('thawed\n');
});
