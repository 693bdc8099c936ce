const unreserved = /^[A-Za-z0-9_.~-]*$/;
const encoded = Array.from({ length: 256 }, (_, byte) => {
  const text = String.fromCharCode(byte);
  return unreserved.test(text) ? text : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
});

/** Every byte but RFC 3986's unreserved ones as `%XX`. @param text one character per byte, as Node gives a URL. */
export function encodeComponent(text: string): string {
  if (unreserved.test(text)) return text;
  let result = '';
  for (const byte of Buffer.from(text, 'latin1')) result += encoded[byte];
  return result;
}

/** One spelling for all spellings of the same bytes: decoded where it is encoded well, then encoded. */
export function normaliseComponent(text: string): string {
  if (unreserved.test(text)) return text;
  return encodeComponent(decodeBytes(text));
}

/** @returns the text a component stands for; undefined where it is encoded badly. */
export function decodeComponent(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}

function decodeBytes(text: string): string {
  return text.replace(/%([0-9A-Fa-f]{2})/g, (_, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  );
}
