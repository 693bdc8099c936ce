/** What a timer can count: one that is set for longer fires at once. */
export const longestTimeoutMs = 2 ** 31 - 1;
