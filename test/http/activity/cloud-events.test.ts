import { afterAll, expect, test } from "@jest/globals";
import { CloudEvent, HTTP } from "cloudevents";
import { startApp } from "../../support/app.ts";

const app = await startApp();
afterAll(() => app.stop());

const BATCH = { "content-type": "application/cloudevents-batch+json" };

const event = (id: string, changes: object = {}) => ({
  specversion: "1.0",
  id,
  source: "/platform/scheduler",
  type: "activity.vm:start",
  subject: "vm/vm-1",
  time: "2026-03-02T08:30:00.000Z",
  data: {
    actor: { type: "service", id: "scheduler" },
    outcome: "success",
    attributes: { zone: "a", password: "hunter2" },
  },
  ...changes,
});

test("CloudEvents are records: each source and id once, what is no record is told by its place", async () => {
  const { owner } = await app.tenant();
  const me = await app.signIn(owner);
  const body = [
    event("e-1"),
    event("e-2", { type: "usage.cpu" }),
    event("e-3", { subject: "vm-1" }),
    event("e-4", { data: { outcome: "perhaps" } }),
    event("e-1"),
  ];
  const answer = await me.request("POST", "/v1/activity", { body, headers: BATCH });
  expect(answer.status).toBe(202);
  expect(answer.body).toMatchObject({ accepted: 1, duplicates: 1 });
  const rejected = answer.body.rejected.map(({ index, code }: { index: number; code: string }) => [
    index,
    code,
  ]);
  expect(rejected).toEqual([
    [1, "activity.invalid"],
    [2, "activity.invalid"],
    [3, "activity.invalid"],
  ]);
  const [record, ...others] = (await me.request("GET", "/v1/activity?source=ingest")).body.items;
  expect(others).toEqual([]);
  expect(record).toMatchObject({
    action: "vm:start",
    resource: { type: "vm", id: "vm-1" },
    time: "2026-03-02T08:30:00.000Z",
    actor: { type: "service", id: "scheduler", name: "scheduler" },
    attributes: { zone: "a", password: "[removed]" },
  });
});

test("the CloudEvents SDK is a client", async () => {
  const { owner } = await app.tenant();
  const me = await app.signIn(owner);
  const { headers, body } = HTTP.structured(new CloudEvent(event("e-1")));
  const sent = { body: String(body), headers: headers as Record<string, string> };
  expect((await me.request("POST", "/v1/activity", sent)).body).toEqual({
    accepted: 1,
    duplicates: 0,
    rejected: [],
  });
});
