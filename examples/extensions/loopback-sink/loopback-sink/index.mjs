// An external extension that stands in for the backend of an error tracker: it listens on a loopback port inside the
// environment and prints one line for each item it received. So one sees what would have left the machine.
import { nextEvent, register } from './extensions-api.mjs';
import { startSink } from './sink.mjs';

const port = Number(process.env.LOOPBACK_SINK_PORT || 9009);
/** After SHUTDOWN others may still be sending: the sink ends when nothing came for this long. */
const quietMs = 300;

const sink = await startSink(port, (line) => console.log(`loopback-sink: ${line}`));
const identity = await register('loopback-sink', ['INVOKE', 'SHUTDOWN']);
console.log(`loopback-sink: listening on 127.0.0.1:${port}`);

let event = await nextEvent(identity);
while (event.eventType !== 'SHUTDOWN') event = await nextEvent(identity);
await sink.quiet(quietMs, event.deadlineMs - quietMs);
console.log(`loopback-sink: ${sink.received.envelopes} envelopes with ${sink.received.items} items in all`);
process.exit(0);
