/** `unknown`: what the policy says cannot be understood. Nothing may be granted by it, and what it denies is denied. */
export type Truth = 'true' | 'false' | 'unknown';

export function toTruth(value: boolean | undefined): Truth {
  return value === undefined ? 'unknown' : value ? 'true' : 'false';
}

export function not(truth: Truth): Truth {
  if (truth === 'unknown') return truth;
  return truth === 'true' ? 'false' : 'true';
}

export function some(truths: readonly Truth[]): Truth {
  return truths.includes('true') ? 'true' : truths.includes('unknown') ? 'unknown' : 'false';
}

export function every(truths: readonly Truth[]): Truth {
  return truths.includes('false') ? 'false' : truths.includes('unknown') ? 'unknown' : 'true';
}
