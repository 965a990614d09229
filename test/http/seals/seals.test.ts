import { createHash, createPublicKey, type JsonWebKey, verify } from "node:crypto";
import canonicalize from "canonicalize";
import { isProven } from "../../../lib/activity/seal.ts";
import { type SignedIn, startApp } from "../../support/app.ts";

const app = await startApp();
afterAll(() => app.stop());

const sha256 = (bytes: Uint8Array): Uint8Array => createHash("sha256").update(bytes).digest();
const checks = (jwk: JsonWebKey) => ({
  sha256,
  checkSignature: (_kid: string, bytes: Uint8Array, signature: Uint8Array) =>
    verify(
      "sha256",
      bytes,
      { key: createPublicKey({ key: jwk, format: "jwk" }), dsaEncoding: "ieee-p1363" },
      signature,
    ),
});

async function owner(): Promise<SignedIn> {
  return await app.signIn((await app.tenant()).owner);
}

/** A run is of a minute. */
async function seal(): Promise<unknown> {
  app.clock.advance(60_000);
  await app.deliverStreams();
  return await app.invoke("sealActivity", {});
}

const sealsOf = async (who: SignedIn) => {
  const answer = await who.request("GET", "/v1/activity/seals?limit=200");
  expect(answer.status).toBe(200);
  return answer.body.items.toReversed();
};

const hashOf = (document: object): string =>
  Buffer.from(sha256(Buffer.from(canonicalize(document) ?? ""))).toString("hex");

describe("the seals over a tenant's log", () => {
  test("each begin where the one before ends, and hold the hash of it", async () => {
    const me = await owner();
    await seal();
    await me.request("GET", "/v1/me");
    await seal();
    await me.request("GET", "/v1/me");
    await me.request("GET", "/v1/me");
    await seal();
    const [first, second, third, ...rest] = await sealsOf(me);
    expect(rest).toEqual([]);
    expect(first.previousSealHash).toBeNull();
    expect(second).toMatchObject({ from: first.to, treeSize: 1, previousSealHash: hashOf(first) });
    expect(third).toMatchObject({ from: second.to, treeSize: 2, previousSealHash: hashOf(second) });
  });

  test("are none of a minute in which nothing came in", async () => {
    const me = await owner();
    await seal();
    expect(await sealsOf(me)).toHaveLength(1);
    await seal();
    // What reading the seals itself put on record is all there is more.
    expect((await sealsOf(me))[1].treeSize).toBe(1);
  });

  test("G03 are one chain though runs and deliveries come five at a time while fifty write", async () => {
    const me = await owner();
    const sealing = [1, 2, 3, 4, 5].map((second) => ({ time: `2026-03-02T10:00:0${second}Z`, again: true }));
    for (let round = 0; round < 3; round++) {
      const writing = Array.from({ length: 50 }, () => me.request("GET", "/v1/me"));
      await Promise.all([app.deliverStreams(), ...sealing.map((event) => app.invoke("sealActivity", event))]);
      await Promise.all(writing);
    }
    await seal();
    const seals = await sealsOf(me);
    for (const [place, one] of seals.entries()) {
      const before = seals[place - 1];
      expect(one.previousSealHash).toBe(before === undefined ? null : hashOf(before));
      if (before !== undefined) expect(one.from).toBe(before.to);
    }
    const sealed = seals.reduce((sum: number, { treeSize }: { treeSize: number }) => sum + treeSize, 0);
    // All but the record of reading the seals just now.
    const { items } = (await me.request("GET", "/v1/activity?limit=200")).body;
    expect(items.length - 1).toBe(sealed);
  });
});

describe("the proof of a record", () => {
  test("leads from the record to a signed seal", async () => {
    const me = await owner();
    await me.request("GET", "/v1/sessions");
    const [record] = (await me.request("GET", "/v1/activity?action=session:list")).body.items;
    const before = await me.request("GET", `/v1/activity/${record.id}/proof`);
    expect(before).toMatchObject({ status: 409, body: { code: "conflict" } });
    await seal();
    const { body: proof } = await me.request("GET", `/v1/activity/${record.id}/proof`);
    expect(proof.record).toEqual(record);
    expect((await sealsOf(me))[0]).toEqual(proof.seal);
    expect(isProven(checks(proof.jwk), proof)).toBe(true);
    const other = { ...proof, record: { ...record, outcome: "denied" } };
    expect(isProven(checks(proof.jwk), other)).toBe(false);
  });

  test("holds for a record of long ago that came in late", async () => {
    const me = await owner();
    await seal();
    const records = [
      {
        id: "old-1",
        time: "2019-05-05T05:05:05Z",
        actor: { type: "service", id: "s" },
        action: "vm:start",
        outcome: "success",
      },
    ];
    await me.request("POST", "/v1/activity", { body: { records } });
    await seal();
    const [record] = (await me.request("GET", "/v1/activity?source=ingest")).body.items;
    const { body: proof } = await me.request("GET", `/v1/activity/${record.id}/proof`);
    expect(isProven(checks(proof.jwk), proof)).toBe(true);
  });

  test("is one's own always, another's for those who may prove, and another tenant's is not there", async () => {
    const tenant = await app.tenant();
    const member = await app.signIn(tenant.member);
    const auditor = await app.signIn(await tenant.addUser(["auditor"]));
    const reader = await app.signIn(tenant.reader);
    const elsewhere = await owner();
    await member.request("GET", "/v1/me");
    await seal();
    const [record] = (await member.request("GET", "/v1/activity")).body.items;
    const path = `/v1/activity/${record.id}/proof`;
    expect((await member.request("GET", path)).status).toBe(200);
    expect((await auditor.request("GET", path)).status).toBe(200);
    expect((await reader.request("GET", path)).status).toBe(403);
    expect((await elsewhere.request("GET", path)).status).toBe(404);
    expect((await member.request("GET", "/v1/activity/seals")).status).toBe(403);
  });
});
