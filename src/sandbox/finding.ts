/** One thing `thaw doctor` looked at. */
export interface Finding {
  readonly check: string;
  /** `fault`: sandboxes cannot work; `note`: they can, but it should be known. */
  readonly status: 'ok' | 'fault' | 'note';
  readonly found: string;
  /** What to do about it. */
  readonly mend?: string;
}
