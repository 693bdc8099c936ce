/** Epoch milliseconds with a fraction; never runs backwards within a process. */
export type Clock = () => number;

export const systemClock: Clock = () => performance.timeOrigin + performance.now();
