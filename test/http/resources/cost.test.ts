import { afterAll, expect, test } from "@jest/globals";
import { PLATFORM_TENANT_ID } from "../../../lib/identity/tenant.ts";
import { type SignedIn, startApp } from "../../support/app.ts";

const app = await startApp();
afterAll(() => app.stop());

const MINUTES = 60_000;
const CARD = {
  effectiveFrom: "2020-01-01T00:00:00Z",
  currency: "USD",
  minimumCharge: "5.00",
  meters: [{ meter: "cpu", unit: "vCPU-hour", model: "flat", unitPrice: "4" }],
};

test("a resource's cost is its part of the month so far, and the parts add up to the whole", async () => {
  const platform = await app.tenant({ id: PLATFORM_TENANT_ID });
  const operator = await app.signIn(await platform.addUser(["owner", "operator"], { totp: true }));
  const tenant = await app.tenant();
  const me = await app.signIn(tenant.member);
  const machine = async (vcpus: number) => {
    const body = { type: "vm", name: `of-${vcpus}`, spec: { vcpus, memoryGiB: 4, image: "debian-13" } };
    return String((await me.request("POST", "/v1/resources", { body })).body.id);
  };
  const [small, large] = [await machine(2), await machine(6)];
  const costOf = async (by: SignedIn, id: string) =>
    (await by.request("GET", `/v1/resources/${id}/cost`)).body;
  expect(await costOf(me, small)).toMatchObject({ code: "unprocessable" });

  await operator.request("PUT", "/v1/rate-card", { body: CARD });
  await app.deliverStreams();
  app.clock.advance(MINUTES);
  for (const id of [small, large]) await me.request("GET", `/v1/resources/${id}`);
  await app.deliverStreams();
  app.clock.advance(25 * MINUTES);

  const owner = await app.signIn(tenant.owner);
  const [one, other] = [await costOf(owner, small), await costOf(owner, large)];
  const preview = (await owner.request("GET", "/v1/billing/preview")).body;
  const line = preview.lines.find(({ meter }: { readonly meter: string }) => meter === "cpu");
  expect(one).toMatchObject({ currency: "USD", period: { start: "2026-03-01T00:00:00.000Z" } });
  expect(one.lines).toHaveLength(1);
  expect(Number(one.amount)).toBeGreaterThan(3);
  expect(Number(other.amount) / Number(one.amount)).toBeCloseTo(3, 1);
  expect((Number(one.amount) + Number(other.amount)).toFixed(2)).toBe(line.amount);
  expect(one.amount).toBe(one.lines[0].amount);
});
