/** What the matrix looks at, in the order of the page's columns. */
export const aspects = [
  'success',
  'handler error',
  'init error',
  'timeout',
  'exit',
  'context',
  'variables',
  'layer',
  'wrapper',
  'internal extension',
  'external extension',
  'Text log',
  'JSON log',
  'streaming',
] as const;

export type Aspect = (typeof aspects)[number];
