/** For options that may be repeated: every value, in the order given. */
export const gather = (value: string, earlier: string[] = []): string[] => [...earlier, value];
