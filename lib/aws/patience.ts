/**
 * How long a service other than the database may take: for its connection, and for each answer. Without
 * `throwOnRequestTimeout` the SDK only says in the log that it took longer, and goes on waiting.
 */
export const PATIENCE = {
  connectionTimeout: 1000,
  requestTimeout: 2000,
  throwOnRequestTimeout: true,
} as const;
