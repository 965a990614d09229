/** The change that moves each limit, by how its name begins. */
const CHANGES: readonly (readonly [string, string])[] = [
  [
    "a tenant's log (activity)",
    "the suffix of the key is there and always 0: more suffixes for tenants that need them, by the record's id, and a merge of as many queries where the log is read",
  ],
  ["a tenant's log by action", "the same suffix in the index's key"],
  ["a tenant's log by", "the same suffix in the index's key, only for principals and sessions of programs"],
  [
    "a tenant's sessions",
    "a suffix by the session's id (DynamoDB splits it by heat meanwhile: last-seen writes go to all of it), or last-seen times out of the index",
  ],
  [
    "a tenant's own row",
    "copies of the row (`tenant#0…n`), written together when a policy changes, one of them read: still no request decided by what is stale",
  ],
  ["a tenant's users", "none: reads of many rows, which DynamoDB splits by heat"],
  [
    "“ten_00000000000000000000000000#ratecard”",
    "the catalogue of meters remembered for some seconds in the process",
  ],
  [
    "a series' events",
    "a suffix by the event's id, read together by the roll-up; or events that are summed by the sender",
  ],
  [
    "active sessions by their end",
    "more than the 32 partitions by the last letter: two letters make 1,024; or the end written only when it moves by minutes",
  ],
  [
    "series that are open",
    "16 partitions by a hash of the tenant: a hash of tenant and resource, and 256 of them",
  ],
  ["a tenant's resources", "none: reads of many rows, which DynamoDB splits by heat"],
  ["what a rule remembers", "none: it is one program's; its windows are written once a delivery already"],
  ["a user's sessions", "none: one user with as many sessions"],
  [
    "a session and its state",
    "none: one session is asked this often by one program, which may have more sessions",
  ],
  [
    "the largest tenant's metrics",
    "cells added up in memory for a minute and written once; a suffix for the dimensions user, session and resource",
  ],
  [
    "tenants with something new",
    "16 partitions, of which the key's own letters reach 14: a hash, and 256; a tenant raised once a second",
  ],
  ["a tenant's journal", "a journal for each suffix of the log"],
  ["the largest tenant's journal", "a journal for each suffix of the log"],
  ["the sessions table", "quota raised on request; last-seen writes once in 5 minutes instead of one"],
  [
    "the activity table",
    "quota raised on request; reads not recorded one by one, or fewer indexes, with a lake for the filters",
  ],
  [
    "the billing table",
    "events summed before they are kept, or taken by a stream (Kinesis) to a lake in S3; the table keeps hours and disputes",
  ],
  ["the derived table", "windows and cells kept in memory by whoever follows a shard, written once a minute"],
  ["API Gateway", "quota raised on request; accounts or regions as cells of some tenants each"],
  ["Lambda's concurrency", "quota raised on request (tens of thousands are given)"],
  ["Parameter Store", "its higher throughput (10,000/s) switched on"],
  ["SES", "quota raised on request; it grows by itself with good standing"],
  ["SNS", "quota raised on request; an origination number of one's own"],
  ["sweepExpiredSessions", "the 32 partitions side by side; after that, handed out as chores of billing are"],
  ["rollUpMetrics", "tenants handed out through a queue, as chores of billing are, and the cells as above"],
  ["sealActivity", "tenants handed out through a queue, as chores of billing are"],
  [
    "rollUpUsage",
    "series handed out by partition through a queue, as chores of billing are; hours summed in the lake",
  ],
];

/** What would have to be changed where this limit is reached. */
export function changeOf(what: string): string {
  return CHANGES.find(([beginning]) => what.startsWith(beginning))?.[1] ?? "not looked at: far away";
}
