import type { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import type { TenantStore } from "../identity/tenant-store.ts";
import type { CreateResourceDeps } from "../resource/create-resource.ts";
import type { MetricStore } from "../resource/metric-store.ts";
import type { Provider, Providers } from "../resource/provider.ts";
import type { ReconcileDeps } from "../resource/reconcile-resources.ts";
import type { ReleaseSessionDeps } from "../resource/release-session.ts";
import type { ProviderName } from "../resource/resource.ts";
import type { ScaleGroupDeps } from "../resource/scale-group.ts";
import { attachmentTable } from "./attachment-table.ts";
import { callerReader } from "./caller-reader.ts";
import { systemNow } from "./clock.ts";
import { dynamoClient } from "./dynamo-client.ts";
import { env } from "./env.ts";
import { metricTable } from "./metric-table.ts";
import { orphanTable } from "./orphan-table.ts";
import { sessionEnding } from "./platform.ts";
import { systemLocalProvider } from "./provider-local.ts";
import { resourceTable } from "./resource-table.ts";
import { roleBooks } from "./role-books.ts";
import { sessionLiveness } from "./session-liveness.ts";
import { sessionTable } from "./session-table.ts";
import { standingAuthority } from "./standing-authority.ts";
import { systemTrails } from "./system-trails.ts";
import { tenantTable } from "./tenant-table.ts";

/** Everything that the use cases of resources need, whichever function they run in. */
export interface ResourcePorts
  extends CreateResourceDeps,
    ReleaseSessionDeps,
    ScaleGroupDeps,
    Omit<ReconcileDeps, "onError"> {
  readonly resources: ScaleGroupDeps["resources"];
  readonly metrics: MetricStore;
  readonly tenants: TenantStore;
}

/** Puts the adapters together that resources live on. */
export function resourcePorts(client: DynamoDBClient = dynamoClient()): ResourcePorts {
  const tenants = tenantTable(client);
  const callers = callerReader(client);
  return {
    resources: resourceTable(client),
    metrics: metricTable(client),
    holdings: attachmentTable(client),
    orphans: orphanTable(client),
    tenants,
    providers: providers(),
    providerFor,
    providerNames: isAwsInUse() ? ["local", "aws"] : ["local"],
    liveness: sessionLiveness({ ...sessionEnding(), sessions: sessionTable(client), tenants }),
    systemTrails: systemTrails(tenants, systemNow),
    mayStillScale: standingAuthority({ callers, roleBooks: roleBooks(client), now: systemNow }),
    now: systemNow,
  };
}

function providers(): Providers {
  const local = systemLocalProvider(systemNow);
  let aws: Promise<Provider> | undefined;
  return async (name) => {
    if (name === "local") return local;
    aws ??= import("./provider-aws.ts").then(({ systemAwsProvider }) => systemAwsProvider());
    return await aws;
  };
}

/** Which provider a tenant is with is configuration: one for all, and a list of those who are with AWS anyway. */
function providerFor(tenantId: string): ProviderName {
  return env.provider === "aws" || env.awsProvider.tenantIds.includes(tenantId) ? "aws" : "local";
}

function isAwsInUse(): boolean {
  return env.provider === "aws" || env.awsProvider.tenantIds.length > 0;
}
