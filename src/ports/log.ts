/**
 * The structured log of a run. Only the fields named here can be logged: what is not on the list cannot
 * leak into it.
 */
export type LogFields = {
  readonly row?: number;
  readonly step?: number;
  readonly objectId?: string;
  readonly stage?: string;
  readonly status?: string;
  readonly method?: string;
  readonly path?: string;
  readonly httpStatus?: number;
  readonly errorCode?: string;
  readonly requestId?: string;
  readonly clientRequestId?: string;
  readonly attempt?: number;
  readonly waitMs?: number;
  readonly durationMs?: number;
  readonly count?: number;
  readonly runId?: string;
  readonly planId?: string;
  readonly domain?: string;
  readonly server?: string;
  /** Name of an environment variable, never its value. */
  readonly variable?: string;
};

export interface Log {
  info(event: string, fields?: LogFields): void;
  warn(event: string, fields?: LogFields): void;
}
