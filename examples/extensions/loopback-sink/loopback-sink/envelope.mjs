const newline = 0x0a;

/**
 * Takes apart an envelope: a JSON header line, then items, each a JSON header line and a payload which is `length`
 * bytes long, or one line where the item's header names no length. Throws where it is cut short or not JSON.
 */
export function parseEnvelope(bytes) {
  let at = 0;
  function line() {
    const end = bytes.indexOf(newline, at);
    const text = bytes.subarray(at, end === -1 ? bytes.length : end);
    at = end === -1 ? bytes.length : end + 1;
    return text;
  }
  function payload(length) {
    if (length === undefined) return line();
    if (at + length > bytes.length)
      throw new Error(`an item of ${length} bytes ends after ${bytes.length - at}`);
    const body = bytes.subarray(at, at + length);
    at += length;
    if (bytes[at] === newline) at += 1;
    return body;
  }

  const header = JSON.parse(line());
  const items = [];
  while (at < bytes.length) {
    const itemHeader = JSON.parse(line());
    items.push({ type: itemHeader.type, payload: payload(itemHeader.length) });
  }
  return { header, items };
}

/** One line on one item: what it is, and for an event what it says. */
export function describeItem(item) {
  if (item.type !== 'event') return `${item.type} (${item.payload.length} bytes)`;
  const event = JSON.parse(item.payload);
  const thrown = event.exception?.values?.at(-1);
  const subject = thrown === undefined ? event.message : `${thrown.type}: ${thrown.value}`;
  return `event [${event.level ?? 'error'}] ${subject}`;
}
