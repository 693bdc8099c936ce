/** The events that a registration asks for: names, known or not, or what is wrong with its body. */
export function registrationEvents(bytes: Buffer): { names: string[] } | { problem: string } {
  let body: unknown;
  try {
    body = JSON.parse(bytes.toString('utf8'));
  } catch (error) {
    return { problem: `request body is not JSON: ${(error as Error).message}` };
  }
  if (body === null) return { names: [] };
  if (typeof body !== 'object' || Array.isArray(body))
    return { problem: 'request body is not a JSON object' };
  if ('configurationKeys' in body) {
    return { problem: 'configurationKeys are deprecated; use environment variables instead' };
  }
  const events = 'events' in body ? body.events : undefined;
  if (events === undefined || events === null) return { names: [] };
  if (!Array.isArray(events) || !events.every((event) => typeof event === 'string')) {
    return { problem: 'events is not an array of strings' };
  }
  return { names: events };
}
