import type { TextRule } from './parameters.ts';

/** As IAM's service model has them. */
export const rules = {
  roleName: { max: 64, pattern: '[\\w+=,.@-]+' },
  policyName: { max: 128, pattern: '[\\w+=,.@-]+' },
  path: { max: 512, pattern: '\\/|\\/[!-~]+\\/' },
  pathPrefix: { max: 512, pattern: '\\/[!-~]*' },
  policyArn: {
    min: 20,
    max: 2048,
    pattern: '[\\t\\n\\r\\x20-\\x7E\\x85\\xA0-\\u{D7FF}\\u{E000}-\\u{FFFD}\\u{10000}-\\u{10FFFF}]+',
  },
  document: { max: 131_072, pattern: '[\\t\\n\\r\\x20-\\xFF]+' },
  description: { min: 0, max: 1000, pattern: '[\\t\\n\\r\\x20-\\x7E\\xA1-\\xFF]*' },
  tagKey: { max: 128, pattern: '[\\p{L}\\p{Z}\\p{N}_.:\\/=+\\-@]+' },
  tagValue: { min: 0, max: 256, pattern: '[\\p{L}\\p{Z}\\p{N}_.:\\/=+\\-@]*' },
  versionId: { max: 32, pattern: 'v[1-9][0-9]*(?:\\.[A-Za-z0-9-]*)?' },
  marker: { max: 4096, pattern: '[\\x20-\\xFF]+' },
} satisfies Record<string, TextRule>;
