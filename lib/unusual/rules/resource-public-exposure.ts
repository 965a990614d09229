import { defineRule, type Seen, type Verdict } from "../rule.ts";
import { textsFact, verbOf } from "../signals.ts";

/** Ports that are opened to the world to serve the web. */
const WEB_PORTS: ReadonlySet<string> = new Set(["80", "443"]);
/** Ports behind which machines are administered: SSH and RDP. */
const ADMINISTRATION = /^(all|22|3389)$/;

const UNBLOCKING: ReadonlySet<string> = new Set([
  "DeleteAccountPublicAccessBlock",
  "DeleteBucketPublicAccessBlock",
  "DeletePublicAccessBlock",
]);

/** Something is opened to everybody, or shared with another account. */
export const resourcePublicExposure = defineRule({
  name: "resource.public_exposure",
  severity: "high",
  mitre: ["T1537"],
  thresholds: {},
  remembers: "nothing",
  observe: ({ record, principal }) => {
    const exposure = record.outcome === "success" ? exposureOf(record) : undefined;
    return exposure === undefined ? [] : [{ key: principal, label: exposure.what, detail: exposure.how }];
  },
  judge: (_window, latest): Verdict => ({
    summary: latest.label,
    evidence: latest.ids,
    severity: latest.detail === "port" ? "medium" : "high",
    mitre: TECHNIQUES[latest.detail ?? ""] ?? [],
  }),
});

const TECHNIQUES: Readonly<Record<string, readonly string[]>> = {
  administration: ["T1562.007"],
  port: ["T1562.007"],
  public: ["T1530"],
  shared: ["T1537"],
};

function exposureOf(record: Seen["record"]): { readonly what: string; readonly how: string } | undefined {
  const name = `${record.resource?.type ?? "resource"} ${record.resource?.id ?? ""}`.trim();
  const ports = textsFact(record, "openPorts").filter((port) => !WEB_PORTS.has(port));
  if (ports.length > 0) {
    const how = ports.some((port) => ADMINISTRATION.test(port)) ? "administration" : "port";
    return { what: `${name} opened to everybody at ${ports.join(", ")}.`, how };
  }
  const isTrustPolicy = record.action.startsWith("iam:");
  const unblocks =
    record.attributes?.["publicAccessUnblocked"] === true || UNBLOCKING.has(verbOf(record.action));
  if (unblocks || (record.attributes?.["publicPrincipal"] === true && !isTrustPolicy)) {
    return { what: `${name} opened to everybody by ${record.action}.`, how: "public" };
  }
  const accounts = [
    ...textsFact(record, "sharedWith"),
    ...(isTrustPolicy ? [] : textsFact(record, "trustsOutside")),
  ];
  if (accounts.length === 0) return undefined;
  if (accounts.includes("all")) return { what: `${name} shared with everybody.`, how: "public" };
  return { what: `${name} shared with ${accounts.join(", ")}.`, how: "shared" };
}
