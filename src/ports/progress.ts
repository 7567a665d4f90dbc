/** Tells the operator what is going on. Loses nothing when nobody listens: it never decides anything. */
export interface Progress {
  /**
   * Begins a stage. @param total What will be counted, `null` if that is not known yet.
   */
  begin(stage: string, total: number | null): StageProgress;
  /** One line worth reading that belongs to no count: a pause and its end, a row left alone. */
  note(text: string): void;
}

export interface StageProgress {
  advance(count: number): void;
  /** What stands beside the counts from now on, where rate and time left would say nothing. */
  tell(text: string): void;
  end(): void;
}

/** Nobody listens: for reading that is a part of something else, and for tests. */
export const SILENT_PROGRESS: Progress = {
  begin: () => ({ advance: () => undefined, tell: () => undefined, end: () => undefined }),
  note: () => undefined,
};
