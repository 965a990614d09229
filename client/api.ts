// Made from openapi.json by `npm run client-types`.

/** The documents of the API by their names. */
export interface Schemas {
  readonly "OAuthError": { readonly "error": "invalid_request" | "invalid_client" | "invalid_target" | "unauthorized_client" | "unsupported_grant_type" | "invalid_token" | "server_error" | "temporarily_unavailable"; readonly "error_description": string };
  readonly "Problem": { readonly "type": string; readonly "title": string; readonly "status": number; readonly "detail": string; readonly "code": "request.invalid" | "request.malformed" | "request.too_large" | "request.media_type" | "cursor.invalid" | "auth.required" | "auth.invalid_credentials" | "auth.token_expired" | "auth.token_invalid" | "auth.step_up_required" | "session.ended" | "session.limit_reached" | "mfa.invalid_code" | "mfa.challenge_expired" | "mfa.enrollment_required" | "refresh.invalid" | "refresh.reused" | "access.denied" | "not_found" | "method.not_allowed" | "conflict" | "precondition.failed" | "precondition.required" | "idempotency.mismatch" | "idempotency.in_progress" | "unprocessable" | "rate.limited" | "internal" | "unavailable"; readonly "requestId": string; readonly "errors"?: ReadonlyArray<{ readonly "pointer": string; readonly "message": string }>; readonly "reason"?: string; readonly "explain"?: string; readonly "maxAgeSeconds"?: number; readonly "attemptsLeft"?: number; readonly "challengeToken"?: string; readonly "sessions"?: ReadonlyArray<{ readonly "id": string; readonly "device": Readonly<Record<string, unknown>>; readonly "ip": string; readonly "createdAt": string; readonly "lastSeenAt": string }> };
  readonly "Activity": { readonly "id": string; readonly "tenantId": string; readonly "time": string; readonly "receivedAt": string; readonly "sessionId": string | null; readonly "actor": { readonly "type": "user" | "key" | "service" | "external"; readonly "id": string; readonly "name": string; readonly "onBehalfOf"?: string }; readonly "action": string; readonly "resource"?: { readonly "type": string; readonly "id": string }; readonly "outcome": "success" | "denied" | "error"; readonly "errorCode"?: string; readonly "durationMs": number; readonly "ip": string; readonly "userAgent": string; readonly "requestId": string; readonly "taskId"?: string; readonly "traceparent"?: string; readonly "workflow"?: { readonly "provider": string; readonly "runId": string; readonly "ref"?: string }; readonly "changes"?: ReadonlyArray<{ readonly "path": string; readonly "from"?: unknown; readonly "to"?: unknown }>; readonly "source": "api" | "ingest" | "system"; readonly "origin"?: { readonly "source": string; readonly "id": string }; readonly "attributes"?: Readonly<Record<string, unknown>> };
  readonly "Alert": { readonly "id": string; readonly "tenantId": string; readonly "rule": "password.spray" | "password.brute_force" | "mfa.fatigue" | "login.new_device" | "login.impossible_travel" | "session.ip_changed" | "session.hijack_suspected" | "refresh.reused" | "access.denied_burst" | "action.first_seen" | "action.rate_spike" | "action.destructive_burst" | "secrets.mass_read" | "audit.tampering" | "privilege.escalation" | "credentials.exfiltrated" | "resource.public_exposure" | "budget.threshold" | "cost.spike"; readonly "severity": "low" | "medium" | "high"; readonly "status": "open" | "acknowledged" | "closed"; readonly "time": string; readonly "lastTime": string; readonly "userId"?: string; readonly "sessionId"?: string; readonly "ip"?: string; readonly "summary": string; readonly "evidence": ReadonlyArray<string>; readonly "mitre"?: ReadonlyArray<string>; readonly "note"?: string };
  readonly "AlertRules": { readonly "rules": ReadonlyArray<{ readonly "rule": "password.spray" | "password.brute_force" | "mfa.fatigue" | "login.new_device" | "login.impossible_travel" | "session.ip_changed" | "session.hijack_suspected" | "refresh.reused" | "access.denied_burst" | "action.first_seen" | "action.rate_spike" | "action.destructive_burst" | "secrets.mass_read" | "audit.tampering" | "privilege.escalation" | "credentials.exfiltrated" | "resource.public_exposure"; readonly "enabled": boolean; readonly "thresholds": Readonly<Record<string, number>>; readonly "response": "alert" | "step_up" | "revoke_session"; readonly "webhook"?: string }> };
  readonly "ApiKey": { readonly "id": string; readonly "name": string; readonly "roles": ReadonlyArray<string>; readonly "createdBy": string; readonly "createdAt": string; readonly "expiresAt"?: string; readonly "lastUsedAt"?: string };
  readonly "Budget": { readonly "amount": string; readonly "thresholds": ReadonlyArray<number> };
  readonly "Credit": { readonly "id": string; readonly "currency": string; readonly "amount": string; readonly "balance": string; readonly "reason": string; readonly "grantedAt": string; readonly "expiresAt": string | null };
  readonly "Factor": { readonly "id": string; readonly "type": "totp" | "sms" | "passkey"; readonly "label": string; readonly "phone"?: string; readonly "verified": boolean; readonly "createdAt": string; readonly "verifiedAt"?: string };
  readonly "Guidance": { readonly "id": string; readonly "sessionId": string; readonly "from": { readonly "type": "agent" | "user"; readonly "id": string; readonly "name": string }; readonly "text": string; readonly "createdAt": string };
  readonly "Invoice": { readonly "id": string; readonly "number": string | null; readonly "tenantId": string; readonly "month": string; readonly "status": "draft" | "final"; readonly "type": "regular" | "adjustment" | "credit_note"; readonly "digest": string; readonly "createdAt": string; readonly "ratedAt": string; readonly "finalizedAt"?: string; readonly "creditsApplied"?: ReadonlyArray<{ readonly "creditId": string; readonly "amount": string }>; readonly "amountDue"?: string; readonly "period": { readonly "start": string; readonly "end": string }; readonly "currency": string; readonly "subtotal": string; readonly "tax": string; readonly "total": string; readonly "rateCardVersion": number | null; readonly "lines": ReadonlyArray<Schemas["InvoiceLine"]>; readonly "unattributed": ReadonlyArray<{ readonly "meter": string; readonly "quantity": string; readonly "unit": string }> };
  readonly "InvoiceLine": { readonly "meter": string; readonly "description": string; readonly "quantity": string; readonly "unit": string; readonly "unitPrice"?: string; readonly "packageSize"?: string; readonly "freeAllowance"?: string; readonly "tiers"?: ReadonlyArray<{ readonly "upTo": string | null; readonly "unitPrice": string; readonly "flatFee"?: string; readonly "quantity": string; readonly "amount": string }>; readonly "amount": string; readonly "sessions": ReadonlyArray<{ readonly "sessionId": string; readonly "userId": string; readonly "quantity": string; readonly "amount": string }>; readonly "period": { readonly "start": string; readonly "end": string }; readonly "rateCardVersion": number | null };
  readonly "LineEvidence": { readonly "invoiceId": string; readonly "number": string | null; readonly "currency": string; readonly "meter": string; readonly "ratedAt": string; readonly "lines": ReadonlyArray<{ readonly "period": { readonly "start": string; readonly "end": string }; readonly "rateCardVersion": number | null; readonly "description": string; readonly "quantity": string; readonly "unit": string; readonly "amount": string; readonly "billedBefore"?: { readonly "quantity": string; readonly "amount": string }; readonly "arithmetic": ReadonlyArray<string> }>; readonly "items": ReadonlyArray<{ readonly "sessionId": string; readonly "userId": string; readonly "period": { readonly "start": string; readonly "end": string }; readonly "quantity": string; readonly "amount": string; readonly "billedBefore"?: { readonly "quantity": string; readonly "amount": string }; readonly "arithmetic": string; readonly "addsUp": boolean; readonly "intervals": ReadonlyArray<{ readonly "resourceId": string; readonly "from": string; readonly "to": string; readonly "level": string; readonly "levelMilliseconds": string; readonly "quantity": string; readonly "began": { readonly "by": "reading" | "attached" | "detached" | "session_started" | "session_ended" | "period" | "other_session"; readonly "activityId": string | null }; readonly "ended": { readonly "by": "reading" | "attached" | "detached" | "session_started" | "session_ended" | "period" | "other_session"; readonly "activityId": string | null } }>; readonly "events": ReadonlyArray<{ readonly "resourceId": string; readonly "time": string; readonly "value": string; readonly "source": string; readonly "id": string; readonly "activityId": string | null }> }>; readonly "nextCursor": string | null };
  readonly "RateCard": { readonly "version": number | null; readonly "effectiveFrom": string; readonly "currency": string; readonly "meters": ReadonlyArray<{ readonly "meter": string; readonly "unit": string; readonly "aggregation"?: "gauge" | "sum" | "count" | "max" | "unique"; readonly "model": "flat" | "graduated" | "volume" | "package"; readonly "freeAllowance": string; readonly "unitPrice"?: string; readonly "packageSize"?: string; readonly "tiers"?: ReadonlyArray<{ readonly "upTo": string | null; readonly "unitPrice": string; readonly "flatFee": string }> }>; readonly "minimumCharge": string; readonly "taxRate": string; readonly "versions": ReadonlyArray<{ readonly "version": number | null; readonly "effectiveFrom": string }> };
  readonly "Resource": { readonly "type": "vm"; readonly "spec": { readonly "vcpus": number; readonly "memoryGiB": number; readonly "image": string }; readonly "id": string; readonly "name": string; readonly "state": "provisioning" | "running" | "stopped" | "failed" | "deleted"; readonly "failure"?: { readonly "code": string; readonly "message": string; readonly "at": string }; readonly "pending"?: { readonly "operation": string; readonly "since": string }; readonly "ownerId": string; readonly "ownerSessionId": string; readonly "attachedSessions": ReadonlyArray<string>; readonly "volumes"?: ReadonlyArray<string>; readonly "usedBy": ReadonlyArray<string>; readonly "tags": Readonly<Record<string, string>>; readonly "createdAt": string; readonly "updatedAt": string; readonly "provider": "local" | "aws"; readonly "providerId"?: string } | { readonly "type": "volume"; readonly "spec": { readonly "sizeGiB": number }; readonly "id": string; readonly "name": string; readonly "state": "provisioning" | "running" | "stopped" | "failed" | "deleted"; readonly "failure"?: { readonly "code": string; readonly "message": string; readonly "at": string }; readonly "pending"?: { readonly "operation": string; readonly "since": string }; readonly "ownerId": string; readonly "ownerSessionId": string; readonly "attachedSessions": ReadonlyArray<string>; readonly "volumes"?: ReadonlyArray<string>; readonly "usedBy": ReadonlyArray<string>; readonly "tags": Readonly<Record<string, string>>; readonly "createdAt": string; readonly "updatedAt": string; readonly "provider": "local" | "aws"; readonly "providerId"?: string } | { readonly "type": "database"; readonly "spec": { readonly "engine": string; readonly "vcpus": number; readonly "memoryGiB": number; readonly "storageGiB": number }; readonly "id": string; readonly "name": string; readonly "state": "provisioning" | "running" | "stopped" | "failed" | "deleted"; readonly "failure"?: { readonly "code": string; readonly "message": string; readonly "at": string }; readonly "pending"?: { readonly "operation": string; readonly "since": string }; readonly "ownerId": string; readonly "ownerSessionId": string; readonly "attachedSessions": ReadonlyArray<string>; readonly "volumes"?: ReadonlyArray<string>; readonly "usedBy": ReadonlyArray<string>; readonly "tags": Readonly<Record<string, string>>; readonly "createdAt": string; readonly "updatedAt": string; readonly "provider": "local" | "aws"; readonly "providerId"?: string } | { readonly "type": "load_balancer"; readonly "spec": { readonly "targets": ReadonlyArray<string> }; readonly "id": string; readonly "name": string; readonly "state": "provisioning" | "running" | "stopped" | "failed" | "deleted"; readonly "failure"?: { readonly "code": string; readonly "message": string; readonly "at": string }; readonly "pending"?: { readonly "operation": string; readonly "since": string }; readonly "ownerId": string; readonly "ownerSessionId": string; readonly "attachedSessions": ReadonlyArray<string>; readonly "volumes"?: ReadonlyArray<string>; readonly "usedBy": ReadonlyArray<string>; readonly "tags": Readonly<Record<string, string>>; readonly "createdAt": string; readonly "updatedAt": string; readonly "provider": "local" | "aws"; readonly "providerId"?: string } | { readonly "type": "instance_group"; readonly "spec": { readonly "template": { readonly "vcpus": number; readonly "memoryGiB": number; readonly "image": string }; readonly "desired": number; readonly "min": number; readonly "max": number }; readonly "id": string; readonly "name": string; readonly "state": "provisioning" | "running" | "stopped" | "failed" | "deleted"; readonly "failure"?: { readonly "code": string; readonly "message": string; readonly "at": string }; readonly "pending"?: { readonly "operation": string; readonly "since": string }; readonly "ownerId": string; readonly "ownerSessionId": string; readonly "attachedSessions": ReadonlyArray<string>; readonly "volumes"?: ReadonlyArray<string>; readonly "usedBy": ReadonlyArray<string>; readonly "tags": Readonly<Record<string, string>>; readonly "createdAt": string; readonly "updatedAt": string; readonly "provider": "local" | "aws"; readonly "providerId"?: string };
  readonly "Role": { readonly "name": string; readonly "description": string; readonly "statements": ReadonlyArray<Schemas["Statement"]>; readonly "builtIn": boolean };
  readonly "ScalingPolicy": { readonly "metric": "cpu" | "requests"; readonly "target": number; readonly "min": number; readonly "max": number; readonly "cooldownSeconds": number; readonly "sessionId"?: string; readonly "setAt": string; readonly "lastStepAt"?: string; readonly "suspended"?: { readonly "reason": string; readonly "at": string } };
  readonly "Seal": { readonly "id": string; readonly "from": string; readonly "to": string; readonly "treeSize": number; readonly "rootHash": string; readonly "previousSealHash": string | null; readonly "kid": string; readonly "signature": string };
  readonly "SealKey": { readonly "kty": "EC"; readonly "crv": "P-256"; readonly "x": string; readonly "y": string; readonly "kid": string; readonly "alg": "ES256"; readonly "use": "sig" };
  readonly "Session": { readonly "id": string; readonly "tenantId": string; readonly "userId": string; readonly "kind": "interactive" | "workflow" | "support"; readonly "status": "active" | "ended"; readonly "endReason"?: "logged_out" | "revoked" | "idle_expired" | "absolute_expired" | "evicted" | "refresh_reused" | "user_disabled"; readonly "device": { readonly "browser": string; readonly "os": string; readonly "type": string; readonly "name"?: string }; readonly "ip": string; readonly "createdAt": string; readonly "lastSeenAt": string; readonly "idleExpiresAt": string; readonly "absoluteExpiresAt": string; readonly "endedAt"?: string; readonly "amr": ReadonlyArray<string>; readonly "roles": ReadonlyArray<string>; readonly "current": boolean; readonly "source"?: "import"; readonly "userName"?: string; readonly "wfl"?: { readonly "provider": string; readonly "runId": string; readonly "ref"?: string }; readonly "workflow"?: { readonly "provider": string; readonly "runId": string; readonly "ref"?: string }; readonly "support"?: { readonly "grantId": string; readonly "agent": { readonly "id": string; readonly "name": string }; readonly "watchedSessionId": string; readonly "access": "view" | "guide"; readonly "expiresAt": string } };
  readonly "SessionRead": { readonly "id": string; readonly "tenantId": string; readonly "userId": string; readonly "kind": "interactive" | "workflow" | "support"; readonly "status": "active" | "ended"; readonly "endReason"?: "logged_out" | "revoked" | "idle_expired" | "absolute_expired" | "evicted" | "refresh_reused" | "user_disabled"; readonly "device": { readonly "browser": string; readonly "os": string; readonly "type": string; readonly "name"?: string }; readonly "ip": string; readonly "createdAt": string; readonly "lastSeenAt": string; readonly "idleExpiresAt": string; readonly "absoluteExpiresAt": string; readonly "endedAt"?: string; readonly "amr": ReadonlyArray<string>; readonly "roles": ReadonlyArray<string>; readonly "current": boolean; readonly "source"?: "import"; readonly "userName"?: string; readonly "wfl"?: { readonly "provider": string; readonly "runId": string; readonly "ref"?: string }; readonly "workflow"?: { readonly "provider": string; readonly "runId": string; readonly "ref"?: string }; readonly "support"?: { readonly "grantId": string; readonly "agent": { readonly "id": string; readonly "name": string }; readonly "watchedSessionId": string; readonly "access": "view" | "guide"; readonly "expiresAt": string }; readonly "watchedBy"?: ReadonlyArray<{ readonly "sessionId": string; readonly "grantId": string; readonly "agent": { readonly "id": string; readonly "name": string }; readonly "access": "view" | "guide"; readonly "since": string; readonly "expiresAt": string }> };
  readonly "SimulatedInvoice": { readonly "id": null; readonly "number": null; readonly "tenantId": string; readonly "status": "draft"; readonly "type": "regular"; readonly "period": { readonly "start": string; readonly "end": string }; readonly "currency": string; readonly "subtotal": string; readonly "tax": string; readonly "total": string; readonly "rateCardVersion": number | null; readonly "lines": ReadonlyArray<Schemas["InvoiceLine"]>; readonly "unattributed": ReadonlyArray<{ readonly "meter": string; readonly "quantity": string; readonly "unit": string }> };
  readonly "StateEntry": { readonly "key": string; readonly "version": number; readonly "size": number; readonly "updatedAt": string };
  readonly "Statement": { readonly "effect": "allow" | "deny"; readonly "actions": ReadonlyArray<string>; readonly "resources": ReadonlyArray<string>; readonly "condition"?: { readonly "mfaWithinSeconds"?: number; readonly "ipCidrs"?: ReadonlyArray<string>; readonly "between"?: { readonly "from": string; readonly "to": string; readonly "timeZone": string }; readonly "sessionKinds"?: ReadonlyArray<"interactive" | "workflow" | "support">; readonly "owner"?: true; readonly "tags"?: Readonly<Record<string, string>> } };
  readonly "StatementInput": { readonly "effect": "allow" | "deny"; readonly "actions": ReadonlyArray<string>; readonly "resources": ReadonlyArray<string>; readonly "condition"?: { readonly "mfaWithinSeconds"?: number; readonly "ipCidrs"?: ReadonlyArray<string>; readonly "between"?: { readonly "from": string; readonly "to": string; readonly "timeZone": string }; readonly "sessionKinds"?: ReadonlyArray<"interactive" | "workflow" | "support">; readonly "owner"?: true; readonly "tags"?: Readonly<Record<string, string>> } };
  readonly "SupportGrant": { readonly "id": string; readonly "tenantId": string; readonly "sessionId": string; readonly "userId": string; readonly "userName": string; readonly "access": "view" | "guide"; readonly "reason": string; readonly "expiresInSeconds": number; readonly "createdAt": string; readonly "expiresAt": string; readonly "status": "active" | "ended"; readonly "endReason"?: "expired" | "revoked" | "session_ended"; readonly "endedAt"?: string; readonly "origin": "user" | "agent"; readonly "agent"?: { readonly "id": string; readonly "name": string }; readonly "supportSessionId"?: string };
  readonly "SupportRequest": { readonly "id": string; readonly "tenantId": string; readonly "sessionId": string; readonly "userId": string; readonly "userName": string; readonly "access": "view" | "guide"; readonly "reason": string; readonly "expiresInSeconds": number; readonly "createdAt": string; readonly "expiresAt": string; readonly "status": "pending" | "approved" | "denied" | "expired"; readonly "agent": { readonly "id": string; readonly "name": string } };
  readonly "Tenant": { readonly "id": string; readonly "name": string; readonly "status": "active" | "suspended"; readonly "createdAt": string };
  readonly "TenantBilling": { readonly "tenantId": string; readonly "override": { readonly "meters"?: ReadonlyArray<{ readonly "meter": string; readonly "unit": string; readonly "aggregation"?: "gauge" | "sum" | "count" | "max" | "unique"; readonly "model": "flat" | "graduated" | "volume" | "package"; readonly "freeAllowance": string; readonly "unitPrice"?: string; readonly "packageSize"?: string; readonly "tiers"?: ReadonlyArray<{ readonly "upTo": string | null; readonly "unitPrice": string; readonly "flatFee": string }> }>; readonly "minimumCharge"?: string; readonly "taxRate"?: string }; readonly "credits": ReadonlyArray<Schemas["Credit"]> };
  readonly "TenantPolicy": { readonly "idleTimeoutSeconds": number; readonly "absoluteTimeoutSeconds": number; readonly "maxConcurrentSessions": number; readonly "onSessionLimit": "evict_oldest" | "deny" | "ask"; readonly "mfa": "optional" | "required"; readonly "allowedFactors": ReadonlyArray<"totp" | "sms" | "passkey">; readonly "stepUpMaxAgeSeconds": number; readonly "sensitiveActions": ReadonlyArray<string>; readonly "ipAllowList": ReadonlyArray<string>; readonly "onSessionEnd": "keep" | "stop"; readonly "activityRetentionDays": number };
  readonly "Tokens": { readonly "status": "active"; readonly "tokenType": "Bearer"; readonly "accessToken": string; readonly "expiresIn": number; readonly "refreshToken"?: string; readonly "session": Schemas["Session"] };
  readonly "User": { readonly "id": string; readonly "tenantId": string; readonly "email": string; readonly "name": string; readonly "roles": ReadonlyArray<string>; readonly "disabled": boolean; readonly "status": "invited" | "active"; readonly "factorTypes": ReadonlyArray<"totp" | "sms" | "passkey">; readonly "createdAt": string; readonly "updatedAt": string };
  readonly "Webhook": { readonly "id": string; readonly "url": string; readonly "format": "webhook" | "set"; readonly "eventTypes": ReadonlyArray<"session.started" | "session.ended" | "alert.opened" | "alert.updated" | "invoice.finalized" | "budget.threshold">; readonly "description": string; readonly "audience"?: string; readonly "enabled": boolean; readonly "disabledReason"?: "by_user" | "failing" | "gone"; readonly "failingSince"?: string; readonly "createdAt": string; readonly "previousSecretUntil"?: string };
  readonly "WebhookDelivery": { readonly "id": string; readonly "webhookId": string; readonly "type": "session.started" | "session.ended" | "alert.opened" | "alert.updated" | "invoice.finalized" | "budget.threshold" | "webhook.test"; readonly "status": "pending" | "delivered" | "dead"; readonly "createdAt": string; readonly "nextAttemptAt"?: string; readonly "attempts": ReadonlyArray<{ readonly "time": string; readonly "durationMs": number; readonly "status"?: number; readonly "error"?: "timeout" | "name_not_resolved" | "address_refused" | "tls_failed" | "connection_failed" }>; readonly "payload": Readonly<Record<string, unknown>> };
  readonly "WebhookWithSecret": { readonly "id": string; readonly "url": string; readonly "format": "webhook" | "set"; readonly "eventTypes": ReadonlyArray<"session.started" | "session.ended" | "alert.opened" | "alert.updated" | "invoice.finalized" | "budget.threshold">; readonly "description": string; readonly "audience"?: string; readonly "enabled": boolean; readonly "disabledReason"?: "by_user" | "failing" | "gone"; readonly "failingSince"?: string; readonly "createdAt": string; readonly "previousSecretUntil"?: string; readonly "secret": string };
  readonly "WorkflowTrust": { readonly "rules": ReadonlyArray<{ readonly "provider": string; readonly "issuer": string; readonly "audience": string; readonly "claims": Readonly<Record<string, string>>; readonly "roles": ReadonlyArray<string> }> };
}

/** What each operation takes and answers, by its method and path. */
export interface Operations {
  /** The console. */
  readonly "GET /": {
    readonly path: Record<never, never>;
    readonly query: Record<never, never>;
    readonly body: undefined;
    readonly answer: string;
  };
  /** Where decisions are asked for (OpenID AuthZEN 1.0). */
  readonly "GET /.well-known/authzen-configuration": {
    readonly path: Record<never, never>;
    readonly query: Record<never, never>;
    readonly body: undefined;
    readonly answer: { readonly "policy_decision_point": string; readonly "access_evaluation_endpoint": string; readonly "access_evaluations_endpoint": string };
  };
  /** Public signing keys. */
  readonly "GET /.well-known/jwks.json": {
    readonly path: Record<never, never>;
    readonly query: Record<never, never>;
    readonly body: undefined;
    readonly answer: { readonly "keys": ReadonlyArray<Readonly<Record<string, string>>> };
  };
  /** What programs can get tokens for, and where (RFC 8414). */
  readonly "GET /.well-known/oauth-authorization-server": {
    readonly path: Record<never, never>;
    readonly query: Record<never, never>;
    readonly body: undefined;
    readonly answer: { readonly "issuer": string; readonly "token_endpoint": string; readonly "token_endpoint_auth_methods_supported": ReadonlyArray<string>; readonly "grant_types_supported": ReadonlyArray<string>; readonly "response_types_supported": ReadonlyArray<string>; readonly "introspection_endpoint": string; readonly "introspection_endpoint_auth_methods_supported": ReadonlyArray<string>; readonly "revocation_endpoint": string; readonly "revocation_endpoint_auth_methods_supported": ReadonlyArray<string>; readonly "jwks_uri": string; readonly "service_documentation": string };
  };
  /** Decide whether a session may do an action (OpenID AuthZEN 1.0). */
  readonly "POST /access/v1/evaluation": {
    readonly path: Record<never, never>;
    readonly query: Record<never, never>;
    readonly body: { readonly "subject"?: { readonly "type": "session"; readonly "id": string }; readonly "action": { readonly "name": string }; readonly "resource": { readonly "type": string; readonly "id": string; readonly "properties"?: { readonly "ownerId"?: string; readonly "tags"?: Readonly<Record<string, string>> } }; readonly "context"?: { readonly "ip"?: string; readonly "log"?: boolean } };
    readonly answer: { readonly "decision": boolean; readonly "context": { readonly "reason": "allowed_by_statement" | "denied_by_statement" | "condition_not_met" | "no_statement" | "step_up_required" | "enrollment_required" | "address_not_allowed" | "session_ended" | "user_disabled" | "subject_not_found"; readonly "stepUpRequired"?: true; readonly "maxAgeSeconds"?: number; readonly "explain"?: string; readonly "role"?: string; readonly "statementIndex"?: number; readonly "statement"?: Schemas["Statement"]; readonly "error"?: { readonly "status": number; readonly "message": string } } };
  };
  /** Decide up to 100 questions at once (OpenID AuthZEN 1.0). */
  readonly "POST /access/v1/evaluations": {
    readonly path: Record<never, never>;
    readonly query: Record<never, never>;
    readonly body: { readonly "subject"?: { readonly "type": "session"; readonly "id": string }; readonly "action"?: { readonly "name": string }; readonly "resource"?: { readonly "type": string; readonly "id": string; readonly "properties"?: { readonly "ownerId"?: string; readonly "tags"?: Readonly<Record<string, string>> } }; readonly "context"?: { readonly "ip"?: string; readonly "log"?: boolean }; readonly "evaluations"?: ReadonlyArray<{ readonly "subject"?: { readonly "type": "session"; readonly "id": string }; readonly "action"?: { readonly "name": string }; readonly "resource"?: { readonly "type": string; readonly "id": string; readonly "properties"?: { readonly "ownerId"?: string; readonly "tags"?: Readonly<Record<string, string>> } }; readonly "context"?: { readonly "ip"?: string; readonly "log"?: boolean } }>; readonly "options"?: { readonly "evaluations_semantic"?: "execute_all" | "deny_on_first_deny" | "permit_on_first_permit" } };
    readonly answer: { readonly "evaluations": ReadonlyArray<{ readonly "decision": boolean; readonly "context": { readonly "reason": "allowed_by_statement" | "denied_by_statement" | "condition_not_met" | "no_statement" | "step_up_required" | "enrollment_required" | "address_not_allowed" | "session_ended" | "user_disabled" | "subject_not_found"; readonly "stepUpRequired"?: true; readonly "maxAgeSeconds"?: number; readonly "explain"?: string; readonly "role"?: string; readonly "statementIndex"?: number; readonly "statement"?: Schemas["Statement"]; readonly "error"?: { readonly "status": number; readonly "message": string } } }> } | { readonly "decision": boolean; readonly "context": { readonly "reason": "allowed_by_statement" | "denied_by_statement" | "condition_not_met" | "no_statement" | "step_up_required" | "enrollment_required" | "address_not_allowed" | "session_ended" | "user_disabled" | "subject_not_found"; readonly "stepUpRequired"?: true; readonly "maxAgeSeconds"?: number; readonly "explain"?: string; readonly "role"?: string; readonly "statementIndex"?: number; readonly "statement"?: Schemas["Statement"]; readonly "error"?: { readonly "status": number; readonly "message": string } } };
  };
  /** A script or style sheet of the console. */
  readonly "GET /console/{name}": {
    readonly path: { readonly "name": string };
    readonly query: Record<never, never>;
    readonly body: undefined;
    readonly answer: string;
  };
  /** The reference as a page. */
  readonly "GET /docs": {
    readonly path: Record<never, never>;
    readonly query: Record<never, never>;
    readonly body: undefined;
    readonly answer: string;
  };
  /** The style sheet of the reference page. */
  readonly "GET /docs/style.css": {
    readonly path: Record<never, never>;
    readonly query: Record<never, never>;
    readonly body: undefined;
    readonly answer: string;
  };
  /** Whether the service answers. */
  readonly "GET /health": {
    readonly path: Record<never, never>;
    readonly query: Record<never, never>;
    readonly body: undefined;
    readonly answer: { readonly "status": "ok" };
  };
  /** Whether a token is good at this very moment (RFC 7662). */
  readonly "POST /oauth/introspect": {
    readonly path: Record<never, never>;
    readonly query: Record<never, never>;
    readonly body: { readonly "token"?: string; readonly "token_type_hint"?: string; readonly "client_id"?: string; readonly "client_secret"?: string };
    readonly answer: { readonly "active": true; readonly "scope": string; readonly "client_id": string; readonly "username": string; readonly "token_type": "Bearer" | "refresh_token"; readonly "iss": string; readonly "sub": string; readonly "aud": string; readonly "sid": string; readonly "tid": string; readonly "exp"?: number; readonly "iat"?: number; readonly "jti"?: string; readonly "auth_time"?: number; readonly "amr": ReadonlyArray<string>; readonly "acr"?: string; readonly "act"?: { readonly "sub": string; readonly "tid": string }; readonly "wfl"?: { readonly "provider": string; readonly "runId": string; readonly "ref"?: string } } | { readonly "active": false };
  };
  /** Revoke a token: its session ends (RFC 7009). */
  readonly "POST /oauth/revoke": {
    readonly path: Record<never, never>;
    readonly query: Record<never, never>;
    readonly body: { readonly "token"?: string; readonly "token_type_hint"?: string; readonly "client_id"?: string; readonly "client_secret"?: string };
    readonly answer: Readonly<Record<string, unknown>>;
  };
  /** A token for a program: by API key, or for a CI provider's token. */
  readonly "POST /oauth/token": {
    readonly path: Record<never, never>;
    readonly query: Record<never, never>;
    readonly body: { readonly "grant_type"?: string; readonly "client_id"?: string; readonly "client_secret"?: string; readonly "run_id"?: string; readonly "ref"?: string; readonly "subject_token"?: string; readonly "subject_token_type"?: string; readonly "requested_token_type"?: string; readonly "actor_token"?: string; readonly "audience"?: string };
    readonly answer: { readonly "access_token": string; readonly "issued_token_type"?: "urn:ietf:params:oauth:token-type:access_token"; readonly "token_type": "Bearer"; readonly "expires_in": number; readonly "scope": string };
  };
  /** This document. */
  readonly "GET /openapi.json": {
    readonly path: Record<never, never>;
    readonly query: Record<never, never>;
    readonly body: undefined;
    readonly answer: { readonly "openapi": string };
  };
  /** List what happened, newest first. */
  readonly "GET /v1/activity": {
    readonly path: Record<never, never>;
    readonly query: { readonly "limit"?: number; readonly "cursor"?: string; readonly "from"?: string; readonly "to"?: string; readonly "userId"?: string; readonly "sessionId"?: string; readonly "action"?: string; readonly "resource"?: string; readonly "outcome"?: "success" | "denied" | "error"; readonly "taskId"?: string; readonly "workflowRunId"?: string; readonly "source"?: "api" | "ingest" | "system" };
    readonly body: undefined;
    readonly answer: { readonly "items": ReadonlyArray<Schemas["Activity"]>; readonly "nextCursor": string | null };
  };
  /** Add the records of other services. */
  readonly "POST /v1/activity": {
    readonly path: Record<never, never>;
    readonly query: Record<never, never>;
    readonly body: { readonly "source"?: string; readonly "records": ReadonlyArray<{ readonly "id": string; readonly "source"?: string; readonly "time": string; readonly "actor": { readonly "type": "user" | "key" | "service" | "external"; readonly "id": string; readonly "name"?: string; readonly "onBehalfOf"?: string }; readonly "action": string; readonly "resource"?: { readonly "type": string; readonly "id": string }; readonly "outcome": "success" | "denied" | "error"; readonly "errorCode"?: string; readonly "durationMs"?: number; readonly "ip"?: string; readonly "userAgent"?: string; readonly "sessionId"?: string; readonly "taskId"?: string; readonly "requestId"?: string; readonly "attributes"?: Readonly<Record<string, unknown>> }> } | Readonly<Record<string, unknown>>;
    readonly answer: { readonly "accepted": number; readonly "duplicates": number; readonly "rejected": ReadonlyArray<{ readonly "index": number; readonly "code": "activity.invalid" | "activity.time_out_of_range" | "activity.session_unknown"; readonly "message": string }> };
  };
  /** Export a range of the log, oldest first. */
  readonly "GET /v1/activity/export": {
    readonly path: Record<never, never>;
    readonly query: { readonly "cursor"?: string; readonly "limit"?: string; readonly "format"?: "jsonl" | "csv" | "ocsf"; readonly "from"?: string; readonly "to"?: string };
    readonly body: undefined;
    readonly answer: string;
  };
  /** List the seals over the log, newest first. */
  readonly "GET /v1/activity/seals": {
    readonly path: Record<never, never>;
    readonly query: { readonly "limit"?: number; readonly "cursor"?: string };
    readonly body: undefined;
    readonly answer: { readonly "items": ReadonlyArray<Schemas["Seal"]>; readonly "nextCursor": string | null; readonly "keys": ReadonlyArray<Schemas["SealKey"]> };
  };
  /** Read one record. */
  readonly "GET /v1/activity/{activityId}": {
    readonly path: { readonly "activityId": string };
    readonly query: Record<never, never>;
    readonly body: undefined;
    readonly answer: Schemas["Activity"];
  };
  /** Prove that a record is as it was sealed. */
  readonly "GET /v1/activity/{activityId}/proof": {
    readonly path: { readonly "activityId": string };
    readonly query: Record<never, never>;
    readonly body: undefined;
    readonly answer: { readonly "record": Schemas["Activity"]; readonly "leafIndex": number; readonly "path": ReadonlyArray<string>; readonly "seal": Schemas["Seal"]; readonly "jwk": Schemas["SealKey"] };
  };
  /** Read the rules that alerts come from. */
  readonly "GET /v1/alert-rules": {
    readonly path: Record<never, never>;
    readonly query: Record<never, never>;
    readonly body: undefined;
    readonly answer: Schemas["AlertRules"];
  };
  /** Replace the rules that alerts come from. */
  readonly "PUT /v1/alert-rules": {
    readonly path: Record<never, never>;
    readonly query: Record<never, never>;
    readonly body: { readonly "rules": ReadonlyArray<{ readonly "rule": "password.spray" | "password.brute_force" | "mfa.fatigue" | "login.new_device" | "login.impossible_travel" | "session.ip_changed" | "session.hijack_suspected" | "refresh.reused" | "access.denied_burst" | "action.first_seen" | "action.rate_spike" | "action.destructive_burst" | "secrets.mass_read" | "audit.tampering" | "privilege.escalation" | "credentials.exfiltrated" | "resource.public_exposure"; readonly "enabled"?: boolean; readonly "thresholds"?: Readonly<Record<string, number>>; readonly "response"?: "alert" | "step_up" | "revoke_session"; readonly "webhook"?: string }> };
    readonly answer: Schemas["AlertRules"];
  };
  /** List alerts, the newest first. */
  readonly "GET /v1/alerts": {
    readonly path: Record<never, never>;
    readonly query: { readonly "limit"?: number; readonly "cursor"?: string; readonly "status"?: "open" | "acknowledged" | "closed" };
    readonly body: undefined;
    readonly answer: { readonly "items": ReadonlyArray<Schemas["Alert"]>; readonly "nextCursor": string | null };
  };
  /** Read an alert. */
  readonly "GET /v1/alerts/{alertId}": {
    readonly path: { readonly "alertId": string };
    readonly query: Record<never, never>;
    readonly body: undefined;
    readonly answer: Schemas["Alert"];
  };
  /** Acknowledge an alert. */
  readonly "POST /v1/alerts/{alertId}/acknowledge": {
    readonly path: { readonly "alertId": string };
    readonly query: Record<never, never>;
    readonly body: Readonly<Record<string, unknown>> | undefined;
    readonly answer: Schemas["Alert"];
  };
  /** Close an alert, saying why. */
  readonly "POST /v1/alerts/{alertId}/close": {
    readonly path: { readonly "alertId": string };
    readonly query: Record<never, never>;
    readonly body: { readonly "note": string };
    readonly answer: Schemas["Alert"];
  };
  /** List the tenant's API keys, newest first. */
  readonly "GET /v1/api-keys": {
    readonly path: Record<never, never>;
    readonly query: { readonly "limit"?: number; readonly "cursor"?: string };
    readonly body: undefined;
    readonly answer: { readonly "items": ReadonlyArray<Schemas["ApiKey"]>; readonly "nextCursor": string | null };
  };
  /** Make an API key. */
  readonly "POST /v1/api-keys": {
    readonly path: Record<never, never>;
    readonly query: Record<never, never>;
    readonly body: { readonly "name": (unknown) & (unknown); readonly "roles": ReadonlyArray<string>; readonly "expiresAt"?: string };
    readonly answer: { readonly "id": string; readonly "name": string; readonly "roles": ReadonlyArray<string>; readonly "createdBy": string; readonly "createdAt": string; readonly "expiresAt"?: string; readonly "lastUsedAt"?: string; readonly "secret": string };
  };
  /** Delete an API key and end its sessions. */
  readonly "DELETE /v1/api-keys/{keyId}": {
    readonly path: { readonly "keyId": string };
    readonly query: Record<never, never>;
    readonly body: undefined;
    readonly answer: undefined;
  };
  /** Accept an invitation. */
  readonly "POST /v1/auth/invitation/accept": {
    readonly path: Record<never, never>;
    readonly query: Record<never, never>;
    readonly body: { readonly "token": string; readonly "password": string };
    readonly answer: Schemas["Tokens"] | { readonly "status": "mfa_required"; readonly "challengeToken": string; readonly "expiresIn": number; readonly "factors": ReadonlyArray<{ readonly "id": string; readonly "type": "totp" | "sms" | "passkey"; readonly "label": string }> } | { readonly "status": "mfa_enrollment_required"; readonly "challengeToken": string };
  };
  /** Sign in with e-mail and password. */
  readonly "POST /v1/auth/login": {
    readonly path: Record<never, never>;
    readonly query: Record<never, never>;
    readonly body: { readonly "email": string; readonly "password": string; readonly "deviceName"?: string; readonly "roles"?: ReadonlyArray<string> };
    readonly answer: Schemas["Tokens"] | { readonly "status": "mfa_required"; readonly "challengeToken": string; readonly "expiresIn": number; readonly "factors": ReadonlyArray<{ readonly "id": string; readonly "type": "totp" | "sms" | "passkey"; readonly "label": string }> } | { readonly "status": "mfa_enrollment_required"; readonly "challengeToken": string };
  };
  /** Sign out of this session. */
  readonly "POST /v1/auth/logout": {
    readonly path: Record<never, never>;
    readonly query: Record<never, never>;
    readonly body: undefined;
    readonly answer: undefined;
  };
  /** Complete a sign-in with a second factor. */
  readonly "POST /v1/auth/mfa": {
    readonly path: Record<never, never>;
    readonly query: Record<never, never>;
    readonly body: { readonly "challengeToken": string; readonly "factorId"?: string; readonly "code": string };
    readonly answer: Schemas["Tokens"];
  };
  /** Send the code of a sign-in by SMS. */
  readonly "POST /v1/auth/mfa/send": {
    readonly path: Record<never, never>;
    readonly query: Record<never, never>;
    readonly body: { readonly "challengeToken": string; readonly "factorId": string };
    readonly answer: { readonly "status": "accepted" };
  };
  /** Sign in with a passkey. */
  readonly "POST /v1/auth/passkey": {
    readonly path: Record<never, never>;
    readonly query: Record<never, never>;
    readonly body: { readonly "passkeyToken": string; readonly "credential": { readonly "id": string; readonly "type": "public-key"; readonly "response": Readonly<Record<string, unknown>> } };
    readonly answer: Schemas["Tokens"];
  };
  /** Ask for a passkey. */
  readonly "POST /v1/auth/passkey/options": {
    readonly path: Record<never, never>;
    readonly query: Record<never, never>;
    readonly body: { readonly "challengeToken"?: string } | undefined;
    readonly answer: { readonly "passkeyToken": string; readonly "options": { readonly "challenge": string } };
  };
  /** Change your password. */
  readonly "POST /v1/auth/password": {
    readonly path: Record<never, never>;
    readonly query: Record<never, never>;
    readonly body: { readonly "currentPassword": string; readonly "newPassword": string };
    readonly answer: undefined;
  };
  /** Ask for a new password. */
  readonly "POST /v1/auth/password-reset": {
    readonly path: Record<never, never>;
    readonly query: Record<never, never>;
    readonly body: { readonly "email": string };
    readonly answer: { readonly "status": "accepted" };
  };
  /** Set a new password with the token of a letter. */
  readonly "POST /v1/auth/password-reset/confirm": {
    readonly path: Record<never, never>;
    readonly query: Record<never, never>;
    readonly body: { readonly "token": string; readonly "newPassword": string };
    readonly answer: undefined;
  };
  /** Exchange a refresh token for new tokens. */
  readonly "POST /v1/auth/refresh": {
    readonly path: Record<never, never>;
    readonly query: Record<never, never>;
    readonly body: { readonly "refreshToken"?: string } | undefined;
    readonly answer: Schemas["Tokens"];
  };
  /** End one session and sign in in its place. */
  readonly "POST /v1/auth/replace": {
    readonly path: Record<never, never>;
    readonly query: Record<never, never>;
    readonly body: { readonly "challengeToken": string; readonly "sessionId": string };
    readonly answer: Schemas["Tokens"];
  };
  /** Verify a factor again (RFC 9470). */
  readonly "POST /v1/auth/step-up": {
    readonly path: Record<never, never>;
    readonly query: Record<never, never>;
    readonly body: { readonly "factorId"?: string; readonly "code": string } | { readonly "passkeyToken": string; readonly "credential": { readonly "id": string; readonly "type": "public-key"; readonly "response": Readonly<Record<string, unknown>> } };
    readonly answer: Schemas["Tokens"];
  };
  /** This month so far, with a forecast. */
  readonly "GET /v1/billing/preview": {
    readonly path: Record<never, never>;
    readonly query: Record<never, never>;
    readonly body: undefined;
    readonly answer: { readonly "period": { readonly "start": string; readonly "end": string }; readonly "currency": string; readonly "subtotal": string; readonly "tax": string; readonly "total": string; readonly "rateCardVersion": number | null; readonly "lines": ReadonlyArray<Schemas["InvoiceLine"]>; readonly "unattributed": ReadonlyArray<{ readonly "meter": string; readonly "quantity": string; readonly "unit": string }>; readonly "forecast": { readonly "total": string; readonly "method": "run_rate" }; readonly "creditBalance": string };
  };
  /** Close a month now. */
  readonly "POST /v1/billing/runs": {
    readonly path: Record<never, never>;
    readonly query: Record<never, never>;
    readonly body: { readonly "period": string; readonly "tenantId"?: string };
    readonly answer: { readonly "period": string; readonly "runs": ReadonlyArray<{ readonly "tenantId": string; readonly "status": "open" | "draft" | "final" | "failed"; readonly "invoice"?: { readonly "id": string; readonly "number": string | null; readonly "status": "draft" | "final"; readonly "type": "regular" | "adjustment" | "credit_note"; readonly "currency": string; readonly "total": string } }>; readonly "queued": number };
  };
  /** Rate usage that is sent along; nothing is stored. */
  readonly "POST /v1/billing/simulate": {
    readonly path: Record<never, never>;
    readonly query: Record<never, never>;
    readonly body: { readonly "period": { readonly "start": string; readonly "end": string }; readonly "rateCard": { readonly "effectiveFrom"?: string; readonly "currency": string; readonly "meters": ReadonlyArray<{ readonly "meter": string; readonly "unit": string; readonly "aggregation"?: "gauge" | "sum" | "count" | "max" | "unique"; readonly "freeAllowance"?: string | number; readonly "model": "flat"; readonly "unitPrice": string | number } | { readonly "meter": string; readonly "unit": string; readonly "aggregation"?: "gauge" | "sum" | "count" | "max" | "unique"; readonly "freeAllowance"?: string | number; readonly "model": "package"; readonly "unitPrice": string | number; readonly "packageSize": string | number } | { readonly "meter": string; readonly "unit": string; readonly "aggregation"?: "gauge" | "sum" | "count" | "max" | "unique"; readonly "freeAllowance"?: string | number; readonly "model": "graduated"; readonly "tiers": ReadonlyArray<{ readonly "upTo": string | number | null; readonly "unitPrice": string | number; readonly "flatFee"?: string | number }> } | { readonly "meter": string; readonly "unit": string; readonly "aggregation"?: "gauge" | "sum" | "count" | "max" | "unique"; readonly "freeAllowance"?: string | number; readonly "model": "volume"; readonly "tiers": ReadonlyArray<{ readonly "upTo": string | number | null; readonly "unitPrice": string | number; readonly "flatFee"?: string | number }> }>; readonly "minimumCharge"?: string | number; readonly "taxRate"?: string | number }; readonly "sessions"?: ReadonlyArray<{ readonly "id": string; readonly "userId": string; readonly "startedAt": string; readonly "endedAt"?: string | null }>; readonly "attachments"?: ReadonlyArray<{ readonly "resourceId": string; readonly "sessionId": string; readonly "from": string; readonly "to"?: string | null }>; readonly "gauges"?: ReadonlyArray<{ readonly "id": string; readonly "resourceId": string; readonly "meter": string; readonly "time": string; readonly "value": string | number }>; readonly "counters"?: ReadonlyArray<{ readonly "id": string; readonly "resourceId": string; readonly "sessionId": string; readonly "meter": string; readonly "time": string; readonly "value": string | number }> };
    readonly answer: Schemas["SimulatedInvoice"];
  };
  /** Read the tenant's monthly budget. */
  readonly "GET /v1/budgets": {
    readonly path: Record<never, never>;
    readonly query: Record<never, never>;
    readonly body: undefined;
    readonly answer: Schemas["Budget"];
  };
  /** Set the tenant's monthly budget. */
  readonly "PUT /v1/budgets": {
    readonly path: Record<never, never>;
    readonly query: Record<never, never>;
    readonly body: { readonly "amount": string | number; readonly "thresholds": ReadonlyArray<string | number> };
    readonly answer: Schemas["Budget"];
  };
  /** List invoices, newest first. */
  readonly "GET /v1/invoices": {
    readonly path: Record<never, never>;
    readonly query: { readonly "limit"?: number; readonly "cursor"?: string; readonly "format"?: "json" | "csv" | "focus" | "html" | "pdf" };
    readonly body: undefined;
    readonly answer: { readonly "items": ReadonlyArray<Schemas["Invoice"]>; readonly "nextCursor": string | null } | string | Blob;
  };
  /** Read an invoice. */
  readonly "GET /v1/invoices/{invoiceId}": {
    readonly path: { readonly "invoiceId": string };
    readonly query: { readonly "format"?: "json" | "csv" | "focus" | "html" | "pdf" };
    readonly body: undefined;
    readonly answer: Schemas["Invoice"] | string | Blob;
  };
  /** What a line of an invoice follows from. */
  readonly "GET /v1/invoices/{invoiceId}/lines/{meter}/evidence": {
    readonly path: { readonly "invoiceId": string; readonly "meter": string };
    readonly query: { readonly "limit"?: number; readonly "cursor"?: string };
    readonly body: undefined;
    readonly answer: Schemas["LineEvidence"];
  };
  /** Get a ticket for the live feed. */
  readonly "POST /v1/live/tickets": {
    readonly path: Record<never, never>;
    readonly query: Record<never, never>;
    readonly body: Readonly<Record<string, unknown>> | undefined;
    readonly answer: { readonly "ticket": string; readonly "url": string; readonly "expiresIn": 30 };
  };
  /** The caller: user, tenant, roles, effective permissions and session. */
  readonly "GET /v1/me": {
    readonly path: Record<never, never>;
    readonly query: Record<never, never>;
    readonly body: undefined;
    readonly answer: { readonly "user": { readonly "id": string; readonly "email": string; readonly "name": string; readonly "factorTypes": ReadonlyArray<"totp" | "sms" | "passkey">; readonly "createdAt": string }; readonly "tenant": { readonly "id": string; readonly "name": string }; readonly "roles": ReadonlyArray<string>; readonly "permissions": ReadonlyArray<string>; readonly "session": Schemas["Session"]; readonly "resumable": ReadonlyArray<{ readonly "sessionId": string; readonly "device": { readonly "browser": string; readonly "os": string; readonly "type": string; readonly "name"?: string }; readonly "endReason": string; readonly "endedAt": string; readonly "keys": number }> };
  };
  /** Your factors. */
  readonly "GET /v1/me/factors": {
    readonly path: Record<never, never>;
    readonly query: Record<never, never>;
    readonly body: undefined;
    readonly answer: { readonly "items": ReadonlyArray<Schemas["Factor"]>; readonly "nextCursor": string | null; readonly "recoveryCodesLeft": number };
  };
  /** Add a factor. */
  readonly "POST /v1/me/factors": {
    readonly path: Record<never, never>;
    readonly query: Record<never, never>;
    readonly body: { readonly "type": "totp" | "sms" | "passkey"; readonly "label": string; readonly "phone"?: string };
    readonly answer: { readonly "id": string; readonly "type": "totp" | "sms" | "passkey"; readonly "label": string; readonly "secret"?: string; readonly "otpauthUri"?: string; readonly "qrSvg"?: string; readonly "options"?: { readonly "challenge": string } };
  };
  /** Remove a factor. */
  readonly "DELETE /v1/me/factors/{factorId}": {
    readonly path: { readonly "factorId": string };
    readonly query: Record<never, never>;
    readonly body: undefined;
    readonly answer: undefined;
  };
  /** Send a code to your phone. */
  readonly "POST /v1/me/factors/{factorId}/send": {
    readonly path: { readonly "factorId": string };
    readonly query: Record<never, never>;
    readonly body: undefined;
    readonly answer: { readonly "status": "accepted" };
  };
  /** Verify a new factor. */
  readonly "POST /v1/me/factors/{factorId}/verify": {
    readonly path: { readonly "factorId": string };
    readonly query: Record<never, never>;
    readonly body: { readonly "code": string } | { readonly "credential": { readonly "id": string; readonly "type": "public-key"; readonly "response": Readonly<Record<string, unknown>> } };
    readonly answer: { readonly "id": string; readonly "type": "totp" | "sms" | "passkey"; readonly "label": string; readonly "phone"?: string; readonly "verified": boolean; readonly "createdAt": string; readonly "verifiedAt"?: string; readonly "recoveryCodes"?: ReadonlyArray<string>; readonly "status"?: "active"; readonly "tokenType"?: "Bearer"; readonly "accessToken"?: string; readonly "expiresIn"?: number; readonly "refreshToken"?: string; readonly "session"?: Schemas["Session"] };
  };
  /** Replace your recovery codes. */
  readonly "POST /v1/me/recovery-codes": {
    readonly path: Record<never, never>;
    readonly query: Record<never, never>;
    readonly body: undefined;
    readonly answer: { readonly "recoveryCodes": ReadonlyArray<string> };
  };
  /** Read how often, how fast and how well things are done. */
  readonly "GET /v1/metrics": {
    readonly path: Record<never, never>;
    readonly query: { readonly "limit"?: number; readonly "cursor"?: string; readonly "groupBy"?: "action" | "user" | "session" | "task" | "resource"; readonly "from"?: string; readonly "to"?: string };
    readonly body: undefined;
    readonly answer: { readonly "items": ReadonlyArray<{ readonly "key": string; readonly "count": number; readonly "errors": number; readonly "denied": number; readonly "p50Ms": number; readonly "p95Ms": number; readonly "p99Ms": number; readonly "firstAt": string; readonly "lastAt": string }>; readonly "nextCursor": string | null };
  };
  /** The rate card in force, or one version of it. */
  readonly "GET /v1/rate-card": {
    readonly path: Record<never, never>;
    readonly query: { readonly "version"?: number };
    readonly body: undefined;
    readonly answer: Schemas["RateCard"];
  };
  /** Set prices from a time on; a new version of the rate card. */
  readonly "PUT /v1/rate-card": {
    readonly path: Record<never, never>;
    readonly query: Record<never, never>;
    readonly body: { readonly "effectiveFrom"?: string; readonly "currency": string; readonly "meters": ReadonlyArray<{ readonly "meter": string; readonly "unit": string; readonly "aggregation"?: "gauge" | "sum" | "count" | "max" | "unique"; readonly "freeAllowance"?: string | number; readonly "model": "flat"; readonly "unitPrice": string | number } | { readonly "meter": string; readonly "unit": string; readonly "aggregation"?: "gauge" | "sum" | "count" | "max" | "unique"; readonly "freeAllowance"?: string | number; readonly "model": "package"; readonly "unitPrice": string | number; readonly "packageSize": string | number } | { readonly "meter": string; readonly "unit": string; readonly "aggregation"?: "gauge" | "sum" | "count" | "max" | "unique"; readonly "freeAllowance"?: string | number; readonly "model": "graduated"; readonly "tiers": ReadonlyArray<{ readonly "upTo": string | number | null; readonly "unitPrice": string | number; readonly "flatFee"?: string | number }> } | { readonly "meter": string; readonly "unit": string; readonly "aggregation"?: "gauge" | "sum" | "count" | "max" | "unique"; readonly "freeAllowance"?: string | number; readonly "model": "volume"; readonly "tiers": ReadonlyArray<{ readonly "upTo": string | number | null; readonly "unitPrice": string | number; readonly "flatFee"?: string | number }> }>; readonly "minimumCharge"?: string | number; readonly "taxRate"?: string | number };
    readonly answer: Schemas["RateCard"];
  };
  /** List resources, newest first. */
  readonly "GET /v1/resources": {
    readonly path: Record<never, never>;
    readonly query: { readonly "limit"?: number; readonly "cursor"?: string; readonly "type"?: "vm" | "volume" | "database" | "load_balancer" | "instance_group"; readonly "state"?: "provisioning" | "running" | "stopped" | "failed" | "deleted"; readonly "sessionId"?: string };
    readonly body: undefined;
    readonly answer: { readonly "items": ReadonlyArray<Schemas["Resource"]>; readonly "nextCursor": string | null };
  };
  /** Create a resource. */
  readonly "POST /v1/resources": {
    readonly path: Record<never, never>;
    readonly query: Record<never, never>;
    readonly body: { readonly "type": "vm"; readonly "spec": { readonly "vcpus": number; readonly "memoryGiB": number; readonly "image": string }; readonly "name": string; readonly "tags"?: Readonly<Record<string, string>> } | { readonly "type": "volume"; readonly "spec": { readonly "sizeGiB": number }; readonly "name": string; readonly "tags"?: Readonly<Record<string, string>> } | { readonly "type": "database"; readonly "spec": { readonly "engine": string; readonly "vcpus": number; readonly "memoryGiB": number; readonly "storageGiB": number }; readonly "name": string; readonly "tags"?: Readonly<Record<string, string>> } | { readonly "type": "load_balancer"; readonly "spec": { readonly "targets": ReadonlyArray<string> }; readonly "name": string; readonly "tags"?: Readonly<Record<string, string>> } | { readonly "type": "instance_group"; readonly "spec": { readonly "template": { readonly "vcpus": number; readonly "memoryGiB": number; readonly "image": string }; readonly "desired": number; readonly "min": number; readonly "max": number }; readonly "name": string; readonly "tags"?: Readonly<Record<string, string>> };
    readonly answer: Schemas["Resource"];
  };
  /** Read a resource. */
  readonly "GET /v1/resources/{resourceId}": {
    readonly path: { readonly "resourceId": string };
    readonly query: Record<never, never>;
    readonly body: undefined;
    readonly answer: Schemas["Resource"];
  };
  /** Change a resource. */
  readonly "PATCH /v1/resources/{resourceId}": {
    readonly path: { readonly "resourceId": string };
    readonly query: Record<never, never>;
    readonly body: { readonly "name"?: string; readonly "tags"?: Readonly<Record<string, string>>; readonly "spec"?: Readonly<Record<string, unknown>> };
    readonly answer: Schemas["Resource"];
  };
  /** Delete a resource. */
  readonly "DELETE /v1/resources/{resourceId}": {
    readonly path: { readonly "resourceId": string };
    readonly query: { readonly "cascade"?: "true" | "false" };
    readonly body: undefined;
    readonly answer: undefined;
  };
  /** Attach a resource to the caller's session. */
  readonly "POST /v1/resources/{resourceId}/attach": {
    readonly path: { readonly "resourceId": string };
    readonly query: Record<never, never>;
    readonly body: undefined;
    readonly answer: Schemas["Resource"];
  };
  /** Attach a volume to a machine. */
  readonly "POST /v1/resources/{resourceId}/attach-volume": {
    readonly path: { readonly "resourceId": string };
    readonly query: Record<never, never>;
    readonly body: { readonly "volumeId": string };
    readonly answer: Schemas["Resource"];
  };
  /** What a resource has cost this month. */
  readonly "GET /v1/resources/{resourceId}/cost": {
    readonly path: { readonly "resourceId": string };
    readonly query: Record<never, never>;
    readonly body: undefined;
    readonly answer: { readonly "period": { readonly "start": string; readonly "end": string }; readonly "currency": string; readonly "amount": string; readonly "lines": ReadonlyArray<{ readonly "meter": string; readonly "quantity": string; readonly "unit": string; readonly "amount": string }> };
  };
  /** Let the caller's session go of a resource. */
  readonly "POST /v1/resources/{resourceId}/detach": {
    readonly path: { readonly "resourceId": string };
    readonly query: Record<never, never>;
    readonly body: undefined;
    readonly answer: Schemas["Resource"];
  };
  /** Detach a volume from its machine. */
  readonly "POST /v1/resources/{resourceId}/detach-volume": {
    readonly path: { readonly "resourceId": string };
    readonly query: Record<never, never>;
    readonly body: { readonly "volumeId": string };
    readonly answer: Schemas["Resource"];
  };
  /** Read the load samples of a resource, newest first. */
  readonly "GET /v1/resources/{resourceId}/metrics": {
    readonly path: { readonly "resourceId": string };
    readonly query: { readonly "limit"?: number; readonly "cursor"?: string; readonly "metric"?: string; readonly "from"?: string; readonly "to"?: string };
    readonly body: undefined;
    readonly answer: { readonly "items": ReadonlyArray<{ readonly "time": string; readonly "metric": string; readonly "value": string }>; readonly "nextCursor": string | null };
  };
  /** Add load samples of a resource. */
  readonly "POST /v1/resources/{resourceId}/metrics": {
    readonly path: { readonly "resourceId": string };
    readonly query: Record<never, never>;
    readonly body: { readonly "samples": ReadonlyArray<{ readonly "time": string; readonly "metric": string; readonly "value": string | number }> };
    readonly answer: { readonly "accepted": number };
  };
  /** Read the scaling policy of an instance group. */
  readonly "GET /v1/resources/{resourceId}/scaling": {
    readonly path: { readonly "resourceId": string };
    readonly query: Record<never, never>;
    readonly body: undefined;
    readonly answer: Schemas["ScalingPolicy"];
  };
  /** Set the scaling policy of an instance group. */
  readonly "PUT /v1/resources/{resourceId}/scaling": {
    readonly path: { readonly "resourceId": string };
    readonly query: Record<never, never>;
    readonly body: { readonly "metric": "cpu" | "requests"; readonly "target": number; readonly "min": number; readonly "max": number; readonly "cooldownSeconds"?: number };
    readonly answer: Schemas["ScalingPolicy"];
  };
  /** Remove the scaling policy of an instance group. */
  readonly "DELETE /v1/resources/{resourceId}/scaling": {
    readonly path: { readonly "resourceId": string };
    readonly query: Record<never, never>;
    readonly body: undefined;
    readonly answer: undefined;
  };
  /** Start a machine or database. */
  readonly "POST /v1/resources/{resourceId}/start": {
    readonly path: { readonly "resourceId": string };
    readonly query: Record<never, never>;
    readonly body: undefined;
    readonly answer: Schemas["Resource"];
  };
  /** Stop a machine or database. */
  readonly "POST /v1/resources/{resourceId}/stop": {
    readonly path: { readonly "resourceId": string };
    readonly query: Record<never, never>;
    readonly body: undefined;
    readonly answer: Schemas["Resource"];
  };
  /** List roles by name: the built-in ones and the tenant's own. */
  readonly "GET /v1/roles": {
    readonly path: Record<never, never>;
    readonly query: { readonly "limit"?: number; readonly "cursor"?: string };
    readonly body: undefined;
    readonly answer: { readonly "items": ReadonlyArray<Schemas["Role"]>; readonly "nextCursor": string | null };
  };
  /** Make a role. */
  readonly "POST /v1/roles": {
    readonly path: Record<never, never>;
    readonly query: Record<never, never>;
    readonly body: { readonly "name": string; readonly "description"?: string; readonly "statements": ReadonlyArray<Schemas["StatementInput"]> };
    readonly answer: Schemas["Role"];
  };
  /** Try statements out before a role has them. */
  readonly "POST /v1/roles/simulate": {
    readonly path: Record<never, never>;
    readonly query: Record<never, never>;
    readonly body: { readonly "statements": ReadonlyArray<Schemas["StatementInput"]>; readonly "requests": ReadonlyArray<{ readonly "action": string; readonly "resource": string; readonly "context"?: { readonly "time"?: string; readonly "ip"?: string; readonly "sessionKind"?: "interactive" | "workflow" | "support"; readonly "mfaAgeSeconds"?: number; readonly "owner"?: boolean; readonly "tags"?: Readonly<Record<string, string>> } }> };
    readonly answer: { readonly "decisions": ReadonlyArray<{ readonly "decision": boolean; readonly "reason": "allowed_by_statement" | "denied_by_statement" | "condition_not_met" | "no_statement"; readonly "explain": string; readonly "statementIndex"?: number; readonly "statement"?: Schemas["Statement"] }> };
  };
  /** Read a role. */
  readonly "GET /v1/roles/{name}": {
    readonly path: { readonly "name": string };
    readonly query: Record<never, never>;
    readonly body: undefined;
    readonly answer: Schemas["Role"];
  };
  /** Replace a role's description and statements. */
  readonly "PUT /v1/roles/{name}": {
    readonly path: { readonly "name": string };
    readonly query: Record<never, never>;
    readonly body: { readonly "name"?: string; readonly "description"?: string; readonly "statements": ReadonlyArray<Schemas["StatementInput"]> };
    readonly answer: Schemas["Role"];
  };
  /** Delete a role. */
  readonly "DELETE /v1/roles/{name}": {
    readonly path: { readonly "name": string };
    readonly query: Record<never, never>;
    readonly body: undefined;
    readonly answer: undefined;
  };
  /** List sessions, newest first. */
  readonly "GET /v1/sessions": {
    readonly path: Record<never, never>;
    readonly query: { readonly "limit"?: number; readonly "cursor"?: string; readonly "status"?: "active" | "ended"; readonly "userId"?: string };
    readonly body: undefined;
    readonly answer: { readonly "items": ReadonlyArray<Schemas["Session"]>; readonly "nextCursor": string | null };
  };
  /** Bring the state of an ended session over. */
  readonly "POST /v1/sessions/current/resume": {
    readonly path: Record<never, never>;
    readonly query: Record<never, never>;
    readonly body: { readonly "fromSessionId": string };
    readonly answer: { readonly "keys": number };
  };
  /** Import a history of sessions that were kept elsewhere. */
  readonly "POST /v1/sessions/import": {
    readonly path: Record<never, never>;
    readonly query: Record<never, never>;
    readonly body: { readonly "tenantId": string; readonly "sessions"?: ReadonlyArray<{ readonly "id": string; readonly "userId": string; readonly "startedAt": string; readonly "endedAt": string; readonly "userName"?: string }>; readonly "attachments"?: ReadonlyArray<{ readonly "resourceId": string; readonly "sessionId": string; readonly "from": string; readonly "to"?: string | null }> };
    readonly answer: { readonly "imported": number; readonly "duplicates": number; readonly "rejected": ReadonlyArray<{ readonly "index": number; readonly "code": "import.conflict" | "import.session_unknown"; readonly "message": string }>; readonly "attachments": { readonly "imported": number; readonly "duplicates": number; readonly "rejected": ReadonlyArray<{ readonly "index": number; readonly "code": "import.conflict" | "import.session_unknown"; readonly "message": string }> } };
  };
  /** End all sessions of a user. */
  readonly "POST /v1/sessions/revoke": {
    readonly path: Record<never, never>;
    readonly query: Record<never, never>;
    readonly body: { readonly "userId"?: string; readonly "exceptCurrent"?: boolean } | undefined;
    readonly answer: { readonly "revoked": number };
  };
  /** Read a session; `current` stands for the caller's. */
  readonly "GET /v1/sessions/{sessionId}": {
    readonly path: { readonly "sessionId": string };
    readonly query: Record<never, never>;
    readonly body: undefined;
    readonly answer: Schemas["SessionRead"];
  };
  /** End a session; `current` stands for the caller's. */
  readonly "DELETE /v1/sessions/{sessionId}": {
    readonly path: { readonly "sessionId": string };
    readonly query: Record<never, never>;
    readonly body: undefined;
    readonly answer: undefined;
  };
  /** List what happened in a session, oldest first; `current` stands for the caller's. */
  readonly "GET /v1/sessions/{sessionId}/activity": {
    readonly path: { readonly "sessionId": string };
    readonly query: { readonly "limit"?: number; readonly "cursor"?: string };
    readonly body: undefined;
    readonly answer: { readonly "items": ReadonlyArray<Schemas["Activity"]>; readonly "nextCursor": string | null };
  };
  /** List the guidance of a session, oldest first. */
  readonly "GET /v1/sessions/{sessionId}/guidance": {
    readonly path: { readonly "sessionId": string };
    readonly query: { readonly "limit"?: number; readonly "cursor"?: string };
    readonly body: undefined;
    readonly answer: { readonly "items": ReadonlyArray<Schemas["Guidance"]>; readonly "nextCursor": string | null };
  };
  /** Guide a user, or answer the agent. */
  readonly "POST /v1/sessions/{sessionId}/guidance": {
    readonly path: { readonly "sessionId": string };
    readonly query: Record<never, never>;
    readonly body: { readonly "text": string };
    readonly answer: Schemas["Guidance"];
  };
  /** Read a session's metrics and usage so far; `current` stands for the caller's. */
  readonly "GET /v1/sessions/{sessionId}/metrics": {
    readonly path: { readonly "sessionId": string };
    readonly query: Record<never, never>;
    readonly body: undefined;
    readonly answer: { readonly "sessionId": string; readonly "count": number; readonly "errors": number; readonly "denied": number; readonly "p50Ms": number; readonly "p95Ms": number; readonly "p99Ms": number; readonly "firstAt"?: string; readonly "lastAt"?: string; readonly "cpu": string; readonly "storage": string; readonly "network": string; readonly "usage": ReadonlyArray<{ readonly "meter": string; readonly "unit": string; readonly "quantity": string }>; readonly "failing": ReadonlyArray<{ readonly "action": string; readonly "count": number; readonly "errors": number; readonly "denied": number; readonly "p50Ms": number; readonly "p95Ms": number; readonly "p99Ms": number; readonly "firstAt": string; readonly "lastAt": string; readonly "slowest": { readonly "activityId": string; readonly "durationMs": number; readonly "at": string; readonly "errorCode"?: string }; readonly "lastFailure"?: { readonly "activityId": string; readonly "durationMs": number; readonly "at": string; readonly "errorCode"?: string } }>; readonly "slowest": ReadonlyArray<{ readonly "action": string; readonly "count": number; readonly "errors": number; readonly "denied": number; readonly "p50Ms": number; readonly "p95Ms": number; readonly "p99Ms": number; readonly "firstAt": string; readonly "lastAt": string; readonly "slowest": { readonly "activityId": string; readonly "durationMs": number; readonly "at": string; readonly "errorCode"?: string }; readonly "lastFailure"?: { readonly "activityId": string; readonly "durationMs": number; readonly "at": string; readonly "errorCode"?: string } }>; readonly "actions": ReadonlyArray<{ readonly "action": string; readonly "count": number; readonly "errors": number; readonly "denied": number; readonly "p50Ms": number; readonly "p95Ms": number; readonly "p99Ms": number; readonly "firstAt": string; readonly "lastAt": string; readonly "slowest": { readonly "activityId": string; readonly "durationMs": number; readonly "at": string; readonly "errorCode"?: string }; readonly "lastFailure"?: { readonly "activityId": string; readonly "durationMs": number; readonly "at": string; readonly "errorCode"?: string } }> };
  };
  /** List the keys of a session's state. */
  readonly "GET /v1/sessions/{sessionId}/state": {
    readonly path: { readonly "sessionId": string };
    readonly query: Record<never, never>;
    readonly body: undefined;
    readonly answer: { readonly "items": ReadonlyArray<Schemas["StateEntry"]> };
  };
  /** Read a value of a session's state. */
  readonly "GET /v1/sessions/{sessionId}/state/{key}": {
    readonly path: { readonly "sessionId": string; readonly "key": string };
    readonly query: Record<never, never>;
    readonly body: undefined;
    readonly answer: unknown;
  };
  /** Keep a value in a session's state. */
  readonly "PUT /v1/sessions/{sessionId}/state/{key}": {
    readonly path: { readonly "sessionId": string; readonly "key": string };
    readonly query: Record<never, never>;
    readonly body: unknown;
    readonly answer: Schemas["StateEntry"];
  };
  /** Delete a value of a session's state. */
  readonly "DELETE /v1/sessions/{sessionId}/state/{key}": {
    readonly path: { readonly "sessionId": string; readonly "key": string };
    readonly query: Record<never, never>;
    readonly body: undefined;
    readonly answer: undefined;
  };
  /** List support grants, newest first. */
  readonly "GET /v1/support/grants": {
    readonly path: Record<never, never>;
    readonly query: { readonly "limit"?: number; readonly "cursor"?: string };
    readonly body: undefined;
    readonly answer: { readonly "items": ReadonlyArray<Schemas["SupportGrant"]>; readonly "nextCursor": string | null };
  };
  /** Let a support agent look at one of your sessions. */
  readonly "POST /v1/support/grants": {
    readonly path: Record<never, never>;
    readonly query: Record<never, never>;
    readonly body: { readonly "agentEmail"?: string; readonly "sessionId": string; readonly "access": "view" | "guide"; readonly "expiresInSeconds": number; readonly "reason": string };
    readonly answer: Schemas["SupportGrant"];
  };
  /** End a support grant. */
  readonly "DELETE /v1/support/grants/{grantId}": {
    readonly path: { readonly "grantId": string };
    readonly query: Record<never, never>;
    readonly body: undefined;
    readonly answer: undefined;
  };
  /** List requests for support, newest first. */
  readonly "GET /v1/support/requests": {
    readonly path: Record<never, never>;
    readonly query: { readonly "limit"?: number; readonly "cursor"?: string };
    readonly body: undefined;
    readonly answer: { readonly "items": ReadonlyArray<Schemas["SupportRequest"]>; readonly "nextCursor": string | null };
  };
  /** Ask a user for a look at their session. */
  readonly "POST /v1/support/requests": {
    readonly path: Record<never, never>;
    readonly query: Record<never, never>;
    readonly body: { readonly "sessionId": string; readonly "access": "view" | "guide"; readonly "expiresInSeconds": number; readonly "reason": string };
    readonly answer: Schemas["SupportRequest"];
  };
  /** Approve an agent's request. */
  readonly "POST /v1/support/requests/{requestId}/approve": {
    readonly path: { readonly "requestId": string };
    readonly query: Record<never, never>;
    readonly body: Readonly<Record<string, unknown>> | undefined;
    readonly answer: Schemas["SupportGrant"];
  };
  /** Deny an agent's request. */
  readonly "POST /v1/support/requests/{requestId}/deny": {
    readonly path: { readonly "requestId": string };
    readonly query: Record<never, never>;
    readonly body: Readonly<Record<string, unknown>> | undefined;
    readonly answer: Schemas["SupportRequest"];
  };
  /** Begin to look through a grant. */
  readonly "POST /v1/support/sessions": {
    readonly path: Record<never, never>;
    readonly query: Record<never, never>;
    readonly body: { readonly "grantId": string };
    readonly answer: Schemas["Tokens"];
  };
  /** Read the tenant's policy for sessions. */
  readonly "GET /v1/tenant/policy": {
    readonly path: Record<never, never>;
    readonly query: Record<never, never>;
    readonly body: undefined;
    readonly answer: Schemas["TenantPolicy"];
  };
  /** Replace the tenant's policy for sessions. */
  readonly "PUT /v1/tenant/policy": {
    readonly path: Record<never, never>;
    readonly query: Record<never, never>;
    readonly body: { readonly "idleTimeoutSeconds"?: number; readonly "absoluteTimeoutSeconds"?: number; readonly "maxConcurrentSessions"?: number; readonly "onSessionLimit"?: "evict_oldest" | "deny" | "ask"; readonly "mfa"?: "optional" | "required"; readonly "allowedFactors"?: ReadonlyArray<"totp" | "sms" | "passkey">; readonly "stepUpMaxAgeSeconds"?: number; readonly "sensitiveActions"?: ReadonlyArray<string>; readonly "ipAllowList"?: ReadonlyArray<string>; readonly "onSessionEnd"?: "keep" | "stop"; readonly "activityRetentionDays"?: number };
    readonly answer: Schemas["TenantPolicy"];
  };
  /** List the tenants, newest first. */
  readonly "GET /v1/tenants": {
    readonly path: Record<never, never>;
    readonly query: { readonly "limit"?: number; readonly "cursor"?: string };
    readonly body: undefined;
    readonly answer: { readonly "items": ReadonlyArray<Schemas["Tenant"]>; readonly "nextCursor": string | null };
  };
  /** Make a tenant with its first owner. */
  readonly "POST /v1/tenants": {
    readonly path: Record<never, never>;
    readonly query: Record<never, never>;
    readonly body: { readonly "name": (unknown) & (unknown); readonly "owner": { readonly "email": string; readonly "name"?: (unknown) & (unknown); readonly "password"?: string } };
    readonly answer: { readonly "id": string; readonly "name": string; readonly "status": "active" | "suspended"; readonly "createdAt": string; readonly "owner": { readonly "id": string; readonly "email": string; readonly "status": "invited" | "active" } };
  };
  /** Read a tenant: the operator any, others their own. */
  readonly "GET /v1/tenants/{tenantId}": {
    readonly path: { readonly "tenantId": string };
    readonly query: Record<never, never>;
    readonly body: undefined;
    readonly answer: Schemas["Tenant"];
  };
  /** Rename, suspend or restore a tenant. */
  readonly "PATCH /v1/tenants/{tenantId}": {
    readonly path: { readonly "tenantId": string };
    readonly query: Record<never, never>;
    readonly body: { readonly "name"?: (unknown) & (unknown); readonly "status"?: "active" | "suspended"; readonly "ipAllowList"?: ReadonlyArray<string> };
    readonly answer: Schemas["Tenant"];
  };
  /** Read a tenant's own prices and credits. */
  readonly "GET /v1/tenants/{tenantId}/billing": {
    readonly path: { readonly "tenantId": string };
    readonly query: Record<never, never>;
    readonly body: undefined;
    readonly answer: Schemas["TenantBilling"];
  };
  /** Set a tenant's own prices. */
  readonly "PUT /v1/tenants/{tenantId}/billing": {
    readonly path: { readonly "tenantId": string };
    readonly query: Record<never, never>;
    readonly body: { readonly "override": { readonly "meters"?: ReadonlyArray<{ readonly "meter": string; readonly "unit": string; readonly "aggregation"?: "gauge" | "sum" | "count" | "max" | "unique"; readonly "freeAllowance"?: string | number; readonly "model": "flat"; readonly "unitPrice": string | number } | { readonly "meter": string; readonly "unit": string; readonly "aggregation"?: "gauge" | "sum" | "count" | "max" | "unique"; readonly "freeAllowance"?: string | number; readonly "model": "package"; readonly "unitPrice": string | number; readonly "packageSize": string | number } | { readonly "meter": string; readonly "unit": string; readonly "aggregation"?: "gauge" | "sum" | "count" | "max" | "unique"; readonly "freeAllowance"?: string | number; readonly "model": "graduated"; readonly "tiers": ReadonlyArray<{ readonly "upTo": string | number | null; readonly "unitPrice": string | number; readonly "flatFee"?: string | number }> } | { readonly "meter": string; readonly "unit": string; readonly "aggregation"?: "gauge" | "sum" | "count" | "max" | "unique"; readonly "freeAllowance"?: string | number; readonly "model": "volume"; readonly "tiers": ReadonlyArray<{ readonly "upTo": string | number | null; readonly "unitPrice": string | number; readonly "flatFee"?: string | number }> }>; readonly "minimumCharge"?: string | number; readonly "taxRate"?: string | number } };
    readonly answer: Schemas["TenantBilling"];
  };
  /** Grant a tenant a credit. */
  readonly "POST /v1/tenants/{tenantId}/credits": {
    readonly path: { readonly "tenantId": string };
    readonly query: Record<never, never>;
    readonly body: { readonly "amount": string | number; readonly "currency"?: string; readonly "expiresAt"?: string; readonly "reason": string };
    readonly answer: Schemas["Credit"];
  };
  /** Read usage, exact as of now. */
  readonly "GET /v1/usage": {
    readonly path: Record<never, never>;
    readonly query: { readonly "limit"?: number; readonly "cursor"?: string; readonly "from"?: string; readonly "to"?: string; readonly "groupBy"?: "meter" | "session" | "user" | "resource" | "hour" };
    readonly body: undefined;
    readonly answer: { readonly "items": ReadonlyArray<{ readonly "key": string | null; readonly "meter": string; readonly "unit": string; readonly "quantity": string; readonly "unattributed": string }>; readonly "nextCursor": string | null };
  };
  /** Add usage events. */
  readonly "POST /v1/usage": {
    readonly path: Record<never, never>;
    readonly query: Record<never, never>;
    readonly body: { readonly "specversion": "1.0"; readonly "id": string; readonly "source": string; readonly "type": string; readonly "subject": string; readonly "time": string; readonly "datacontenttype"?: string; readonly "dataschema"?: string; readonly "data": unknown } | ReadonlyArray<Readonly<Record<string, unknown>>> | Readonly<Record<string, unknown>>;
    readonly answer: { readonly "accepted": number; readonly "duplicates": number; readonly "rejected": ReadonlyArray<{ readonly "index": number; readonly "code": "request.invalid" | "not_found" | "usage.conflict" | "usage.unknown_meter" | "usage.out_of_time" | "usage.outside_session"; readonly "message": string }> };
  };
  /** Take usage events back. */
  readonly "POST /v1/usage/void": {
    readonly path: Record<never, never>;
    readonly query: Record<never, never>;
    readonly body: { readonly "source": string; readonly "ids": ReadonlyArray<string>; readonly "reason": string };
    readonly answer: { readonly "voided": number; readonly "unknown": ReadonlyArray<string> };
  };
  /** List users, newest first. */
  readonly "GET /v1/users": {
    readonly path: Record<never, never>;
    readonly query: { readonly "limit"?: number; readonly "cursor"?: string };
    readonly body: undefined;
    readonly answer: { readonly "items": ReadonlyArray<Schemas["User"]>; readonly "nextCursor": string | null };
  };
  /** Make a user, or invite one. */
  readonly "POST /v1/users": {
    readonly path: Record<never, never>;
    readonly query: Record<never, never>;
    readonly body: { readonly "email": string; readonly "name"?: (unknown) & (unknown); readonly "password"?: string; readonly "roles": ReadonlyArray<string>; readonly "disabled"?: boolean };
    readonly answer: Schemas["User"];
  };
  /** Read a user. */
  readonly "GET /v1/users/{userId}": {
    readonly path: { readonly "userId": string };
    readonly query: Record<never, never>;
    readonly body: undefined;
    readonly answer: Schemas["User"];
  };
  /** Change a user's address, name or roles, or disable the user. */
  readonly "PATCH /v1/users/{userId}": {
    readonly path: { readonly "userId": string };
    readonly query: Record<never, never>;
    readonly body: { readonly "email"?: string; readonly "name"?: (unknown) & (unknown); readonly "roles"?: ReadonlyArray<string>; readonly "disabled"?: boolean };
    readonly answer: Schemas["User"];
  };
  /** Remove a user. */
  readonly "DELETE /v1/users/{userId}": {
    readonly path: { readonly "userId": string };
    readonly query: Record<never, never>;
    readonly body: undefined;
    readonly answer: undefined;
  };
  /** Invite a user again who has not accepted yet. */
  readonly "POST /v1/users/{userId}/invitation": {
    readonly path: { readonly "userId": string };
    readonly query: Record<never, never>;
    readonly body: undefined;
    readonly answer: undefined;
  };
  /** List webhooks, the oldest first. */
  readonly "GET /v1/webhooks": {
    readonly path: Record<never, never>;
    readonly query: { readonly "limit"?: number; readonly "cursor"?: string };
    readonly body: undefined;
    readonly answer: { readonly "items": ReadonlyArray<Schemas["Webhook"]>; readonly "nextCursor": string | null };
  };
  /** Register a webhook. */
  readonly "POST /v1/webhooks": {
    readonly path: Record<never, never>;
    readonly query: Record<never, never>;
    readonly body: { readonly "url": string; readonly "format"?: "webhook" | "set"; readonly "eventTypes"?: ReadonlyArray<"session.started" | "session.ended" | "alert.opened" | "alert.updated" | "invoice.finalized" | "budget.threshold">; readonly "description"?: string; readonly "audience"?: string };
    readonly answer: Schemas["WebhookWithSecret"];
  };
  /** Read a webhook. */
  readonly "GET /v1/webhooks/{webhookId}": {
    readonly path: { readonly "webhookId": string };
    readonly query: Record<never, never>;
    readonly body: undefined;
    readonly answer: Schemas["Webhook"];
  };
  /** Change a webhook, or enable it again. */
  readonly "PATCH /v1/webhooks/{webhookId}": {
    readonly path: { readonly "webhookId": string };
    readonly query: Record<never, never>;
    readonly body: { readonly "url"?: string; readonly "eventTypes"?: ReadonlyArray<"session.started" | "session.ended" | "alert.opened" | "alert.updated" | "invoice.finalized" | "budget.threshold">; readonly "description"?: string; readonly "audience"?: string; readonly "enabled"?: boolean };
    readonly answer: Schemas["Webhook"];
  };
  /** Delete a webhook. */
  readonly "DELETE /v1/webhooks/{webhookId}": {
    readonly path: { readonly "webhookId": string };
    readonly query: Record<never, never>;
    readonly body: undefined;
    readonly answer: undefined;
  };
  /** List a webhook's deliveries of the last 30 days, the newest first. */
  readonly "GET /v1/webhooks/{webhookId}/deliveries": {
    readonly path: { readonly "webhookId": string };
    readonly query: { readonly "limit"?: number; readonly "cursor"?: string; readonly "status"?: "pending" | "delivered" | "dead" };
    readonly body: undefined;
    readonly answer: { readonly "items": ReadonlyArray<Schemas["WebhookDelivery"]>; readonly "nextCursor": string | null };
  };
  /** Replay a delivery. */
  readonly "POST /v1/webhooks/{webhookId}/deliveries/{deliveryId}/replay": {
    readonly path: { readonly "webhookId": string; readonly "deliveryId": string };
    readonly query: Record<never, never>;
    readonly body: Readonly<Record<string, unknown>> | undefined;
    readonly answer: Schemas["WebhookDelivery"];
  };
  /** Rotate a webhook's secret. */
  readonly "POST /v1/webhooks/{webhookId}/rotate-secret": {
    readonly path: { readonly "webhookId": string };
    readonly query: Record<never, never>;
    readonly body: { readonly "overlapSeconds"?: number } | undefined;
    readonly answer: Schemas["WebhookWithSecret"];
  };
  /** Try a webhook out. */
  readonly "POST /v1/webhooks/{webhookId}/test": {
    readonly path: { readonly "webhookId": string };
    readonly query: Record<never, never>;
    readonly body: Readonly<Record<string, unknown>> | undefined;
    readonly answer: Schemas["WebhookDelivery"];
  };
  /** Which runs of CI providers the tenant trusts. */
  readonly "GET /v1/workflow-trust": {
    readonly path: Record<never, never>;
    readonly query: Record<never, never>;
    readonly body: undefined;
    readonly answer: Schemas["WorkflowTrust"];
  };
  /** Replace the rules by which runs of CI providers are trusted. */
  readonly "PUT /v1/workflow-trust": {
    readonly path: Record<never, never>;
    readonly query: Record<never, never>;
    readonly body: { readonly "rules": ReadonlyArray<{ readonly "provider": string; readonly "issuer": string; readonly "audience": string; readonly "claims": Readonly<Record<string, string>>; readonly "roles": ReadonlyArray<string> }> };
    readonly answer: Schemas["WorkflowTrust"];
  };
  /** Read a workflow run: its sessions, actions, resources and cost. */
  readonly "GET /v1/workflows/{runId}": {
    readonly path: { readonly "runId": string };
    readonly query: Record<never, never>;
    readonly body: undefined;
    readonly answer: { readonly "runId": string; readonly "provider": string; readonly "ref"?: string; readonly "status": "active" | "ended"; readonly "startedAt": string; readonly "endedAt"?: string; readonly "sessions": ReadonlyArray<Schemas["Session"]>; readonly "actions": ReadonlyArray<Schemas["Activity"]>; readonly "resources": ReadonlyArray<{ readonly "id": string; readonly "type": "vm" | "volume" | "database" | "load_balancer" | "instance_group"; readonly "name": string; readonly "state": string }>; readonly "cost": ReadonlyArray<{ readonly "month": string; readonly "currency": string; readonly "amount": string; readonly "lines": ReadonlyArray<{ readonly "meter": string; readonly "quantity": string; readonly "unit": string; readonly "amount": string }> }> };
  };
  /** End a workflow run: all of its sessions. */
  readonly "POST /v1/workflows/{runId}/end": {
    readonly path: { readonly "runId": string };
    readonly query: Record<never, never>;
    readonly body: undefined;
    readonly answer: { readonly "runId": string; readonly "status": "ended"; readonly "ended": number };
  };
}
