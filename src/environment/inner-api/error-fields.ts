/** What an error report says of itself; empty where the body is not the documented object. */
export function errorFields(body: Buffer): { readonly errorType?: string; readonly errorMessage?: string } {
  try {
    const parsed: unknown = JSON.parse(body.toString('utf8'));
    if (typeof parsed !== 'object' || parsed === null) return {};
    const { errorType, errorMessage } = parsed as Record<string, unknown>;
    return {
      ...(typeof errorType === 'string' && { errorType }),
      ...(typeof errorMessage === 'string' && { errorMessage }),
    };
  } catch {
    return {};
  }
}
