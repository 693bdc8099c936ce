const { pid } = process;

/**
 * A loopback address of this process alone. On the one that all share, a port let go of may be another's a moment
 * later: who listens later could not bind it again, or who sends would reach a stranger meanwhile.
 */
export const ownAddress = `127.${1 + (pid >>> 16)}.${(pid >>> 8) & 0xff}.${pid & 0xff}`;
