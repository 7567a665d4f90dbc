/** How large a run of the bench is. */
export type BenchSize = {
  /** Rows of the cases of apply and of plan-large. */
  readonly rows: number;
  /** By how much the time of the cases of apply is scaled. */
  readonly factor: number;
  /** Most rows of the case growth. */
  readonly mostRows: number;
};
