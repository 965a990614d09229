/** Tells which sessions are alive at this moment, whether or not somebody has noticed the end of the others. */
export interface Liveness {
  aliveOf(tenantId: string, sessionIds: readonly string[]): Promise<ReadonlySet<string>>;
}
