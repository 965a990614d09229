import type { ActivityRecord } from "../../../lib/activity/activity.ts";
import { at, findingsIn, record, rulesStruck } from "./shown.ts";

const many = (count: number, given: (n: number) => Partial<ActivityRecord>) =>
  Array.from({ length: count }, (_, n) => record({ timeMs: at("10:00:00") + n * 1000, ...given(n) }));
const user = (id: string): ActivityRecord["actor"] => ({ type: "user", id, name: `${id}@example.com` });
const FAILED = { action: "auth:login", outcome: "denied", errorCode: "auth.invalid_credentials" } as const;
const FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:102.0) Gecko/20100101 Firefox/102.0";
const CURL = "curl/8.5.0";

describe("password.spray", () => {
  const tries = (users: number, ip = "198.51.100.9") =>
    many(users, (n) => ({ ...FAILED, ip, actor: user(`usr_${n}`) }));

  test("five people from one address strike, and the alert names the address and no user", () => {
    const [finding] = findingsIn(tries(5));
    expect(finding).toMatchObject({
      rule: "password.spray",
      severity: "high",
      ip: "198.51.100.9",
      mitre: ["T1110.003"],
    });
    expect(finding?.evidence).toHaveLength(5);
    expect(finding).not.toHaveProperty("userId");
  });

  test("four do not, nor five from as many addresses, nor five over an hour", () => {
    expect(findingsIn(tries(4))).toEqual([]);
    expect(findingsIn(tries(5).map((one, n) => ({ ...one, ip: `198.51.100.${n}` })))).toEqual([]);
    expect(findingsIn(tries(5).map((one, n) => ({ ...one, timeMs: at("10:00:00") + n * 720_000 })))).toEqual(
      [],
    );
  });
});

describe("password.brute_force", () => {
  test("five failures of one account strike", () => {
    expect(findingsIn(many(5, () => FAILED))).toMatchObject([
      { rule: "password.brute_force", severity: "medium", userId: "usr_ann" },
    ]);
    expect(findingsIn(many(4, () => FAILED))).toEqual([]);
  });

  test("a success after them is worse", () => {
    const findings = findingsIn([
      ...many(5, () => FAILED),
      record({ action: "auth:login", timeMs: at("10:01:00") }),
    ]);
    expect(findings.at(-1)).toMatchObject({ rule: "password.brute_force", severity: "high" });
    expect(findings.at(-1)?.evidence).toHaveLength(6);
  });

  test("failed sign-ins to the console of AWS count too", () => {
    expect(rulesStruck(many(5, () => ({ ...FAILED, action: "signin:ConsoleLogin" })))).toEqual([
      "password.brute_force",
    ]);
  });
});

test("mfa.fatigue: five codes asked for or failed strike, codes that are right do not", () => {
  expect(rulesStruck(many(5, () => ({ action: "auth:mfa", outcome: "denied" })))).toEqual(["mfa.fatigue"]);
  expect(rulesStruck(many(5, () => ({ action: "auth:mfa-send" })))).toEqual(["mfa.fatigue"]);
  expect(rulesStruck(many(9, () => ({ action: "auth:mfa" })))).toEqual([]);
});

describe("login.new_device", () => {
  const login = (userAgent: string, time: string) =>
    record({ action: "auth:login", userAgent, timeMs: at(time) });

  test("another device than before strikes once", () => {
    const records = [login(FIREFOX, "10:00:00"), login(CURL, "11:00:00"), login(CURL, "12:00:00")];
    expect(findingsIn(records)).toMatchObject([
      { rule: "login.new_device", severity: "low", timeMs: at("11:00:00") },
    ]);
  });

  test("the first device of all, and an update of a browser, are nothing new", () => {
    expect(
      findingsIn([login(FIREFOX, "10:00:00"), login(FIREFOX.replaceAll("102.0", "131.0"), "11:00:00")]),
    ).toEqual([]);
  });

  test("pipelines have no device", () => {
    const workflow = { provider: "github", runId: "1" };
    const runs = [login(FIREFOX, "10:00:00"), login(CURL, "11:00:00")].map((one) => ({ ...one, workflow }));
    expect(findingsIn(runs)).toEqual([]);
  });
});

describe("login.impossible_travel", () => {
  const AMSTERDAM = { latitude: 52.4, longitude: 4.9 };
  const SYDNEY = { latitude: -33.9, longitude: 151.2 };
  const BRUSSELS = { latitude: 50.9, longitude: 4.4 };
  const login = (location: object, time: string) =>
    record({ action: "auth:login", timeMs: at(time), attributes: { location } });

  test("Amsterdam and Sydney within an hour strike", () => {
    const [finding] = findingsIn([login(AMSTERDAM, "10:00:00"), login(SYDNEY, "11:00:00")]);
    expect(finding).toMatchObject({
      rule: "login.impossible_travel",
      severity: "high",
      summary: "Two sign-ins 16644 km and 60 minutes apart.",
    });
    expect(finding?.evidence).toHaveLength(2);
  });

  test("a flight's time, and a town nearby, do not", () => {
    expect(findingsIn([login(AMSTERDAM, "00:00:00"), login(SYDNEY, "20:00:00")])).toEqual([]);
    expect(findingsIn([login(AMSTERDAM, "10:00:00"), login(BRUSSELS, "10:00:01")])).toEqual([]);
  });

  test("addresses are placed by whoever can", () => {
    const records = ["203.0.113.7", "198.51.100.9"].map((ip, n) =>
      record({ action: "session:start", ip, timeMs: at("10:00:00") + n * 60_000 }),
    );
    const locate = (ip: string) => (ip === "203.0.113.7" ? AMSTERDAM : SYDNEY);
    expect(rulesStruck(records, { locate })).toEqual(["login.impossible_travel"]);
    expect(rulesStruck(records)).toEqual([]);
  });
});

describe("a session that goes on elsewhere", () => {
  const step = (ip: string, userAgent: string, n: number) =>
    record({ sessionId: "ses_1", ip, userAgent, timeMs: at("10:00:00") + n * 1000 });

  test.each([
    ["another address of the network", "203.0.113.8", FIREFOX, ["session.ip_changed"]],
    ["another network", "198.51.100.9", FIREFOX, ["session.ip_changed"]],
    ["another user agent", "203.0.113.7", CURL, []],
    ["another user agent in the same network", "203.0.113.8", CURL, ["session.ip_changed"]],
    ["both at once", "198.51.100.9", CURL, ["session.ip_changed", "session.hijack_suspected"]],
    ["both at once, by IPv6", "2001:db8:1::7", CURL, ["session.ip_changed", "session.hijack_suspected"]],
  ])("%s", (_what, ip, userAgent, expected) => {
    expect(rulesStruck([step("203.0.113.7", FIREFOX, 0), step(ip, userAgent, 1)])).toEqual(expected);
  });

  test("a run's jobs are on many machines at once", () => {
    const workflow = { provider: "github", runId: "1" };
    const jobs = [step("203.0.113.7", FIREFOX, 0), step("198.51.100.9", CURL, 1)];
    expect(rulesStruck(jobs.map((one) => ({ ...one, workflow })))).toEqual([]);
  });

  test("strikes once for each new place, and asks for a second factor when it looks stolen", () => {
    const records = [
      step("203.0.113.7", FIREFOX, 0),
      step("198.51.100.9", CURL, 1),
      step("203.0.113.7", FIREFOX, 2),
      step("198.51.100.9", CURL, 3),
    ];
    const findings = findingsIn(records);
    expect(findings.map(({ rule, response }) => `${rule} ${response}`)).toEqual([
      "session.ip_changed alert",
      "session.hijack_suspected step_up",
    ]);
    expect(findings[1]).toMatchObject({ severity: "high", sessionId: "ses_1", userId: "usr_ann" });
  });

  test("two addresses of the loopback are two hosts", () => {
    const records = [step("127.0.0.1", FIREFOX, 0), step("127.0.0.2", CURL, 1)];
    expect(rulesStruck(records)).toContain("session.hijack_suspected");
  });
});

test.each([
  ["the refusal", { action: "auth:refresh", outcome: "denied" as const, errorCode: "refresh.reused" }],
  ["the end of the session", { action: "session:end", attributes: { reason: "refresh_reused" } }],
])("refresh.reused strikes by %s", (_what, given) => {
  expect(findingsIn([record({ sessionId: "ses_1", ...given })])).toMatchObject([
    { rule: "refresh.reused", severity: "high", sessionId: "ses_1", mitre: ["T1528"] },
  ]);
});

describe("access.denied_burst", () => {
  const REFUSED = { action: "volume:delete", outcome: "denied", errorCode: "access.denied" } as const;

  test("five refusals in five minutes strike, four do not", () => {
    expect(findingsIn(many(5, () => REFUSED))).toMatchObject([
      { rule: "access.denied_burst", severity: "medium", summary: "5 refused calls within 4 s." },
    ]);
    expect(findingsIn(many(4, () => REFUSED))).toEqual([]);
  });

  test("being asked for a second factor is no refusal, nor is a wrong code", () => {
    expect(findingsIn(many(4, () => ({ ...REFUSED, errorCode: "auth.step_up_required" })))).toEqual([]);
    expect(rulesStruck(many(5, () => ({ ...REFUSED, errorCode: "auth.step_up_required" })))).toEqual([]);
    expect(rulesStruck(many(5, () => ({ action: "auth:step-up", outcome: "denied" as const })))).toEqual([]);
  });
});

describe("action.first_seen", () => {
  const DAY = 86_400_000;
  const day = (n: number, action: string) => record({ action, timeMs: at("10:00:00") - (30 - n) * DAY });
  const history = Array.from({ length: 25 }, (_, n) => day(n, n % 2 === 0 ? "volume:list" : "vm:start"));

  test("a change that somebody well known never made strikes once", () => {
    const findings = findingsIn([...history, day(27, "role:create"), day(28, "role:create")]);
    expect(findings).toMatchObject([
      { rule: "action.first_seen", severity: "low", summary: "role:create for the first time." },
    ]);
  });

  test("looking is nothing new, and nothing is new to who is new", () => {
    expect(findingsIn([...history, day(27, "invoice:list")])).toEqual([]);
    expect(findingsIn([...history.slice(0, 10), day(27, "role:create")])).toEqual([]);
    expect(findingsIn(many(30, (n) => ({ action: `x${n}:create` })))).toEqual([]);
  });
});

describe("action.rate_spike", () => {
  const everyMinutes = (minutes: number, from: number, to: number) =>
    Array.from({ length: (to - from) / minutes }, (_, n) =>
      record({ action: "volume:list", timeMs: at("06:00:00") + (from + n * minutes) * 60_000 }),
    );

  test("sixty in a minute strike where one in five minutes is usual", () => {
    const spike = many(60, () => ({ action: "volume:list" }));
    expect(rulesStruck([...everyMinutes(5, 0, 235), ...spike])).toEqual(["action.rate_spike"]);
  });

  test("they do not where twelve a minute are usual, nor where nothing is known of before", () => {
    const spike = many(60, () => ({ action: "volume:list" }));
    const busy = everyMinutes(5, 0, 235).flatMap((one) =>
      Array.from({ length: 60 }, (_, n) => ({ ...one, id: `${one.id}_${n}` })),
    );
    expect(rulesStruck([...busy, ...spike])).toEqual([]);
    expect(rulesStruck(spike)).toEqual([]);
  });
});

describe("action.destructive_burst", () => {
  const deletions = many(10, (n) => ({
    action: "volume:delete",
    resource: { type: "volume", id: `res_${n}` },
  }));
  const creations = many(10, (n) => ({
    action: "volume:create",
    resource: { type: "volume", id: `res_${n}` },
    timeMs: at("09:00:00") + n * 1000,
  }));

  test("ten deletions in five minutes strike, nine do not", () => {
    expect(findingsIn(deletions)).toMatchObject([{ rule: "action.destructive_burst", severity: "high" }]);
    expect(findingsIn(deletions.slice(1))).toEqual([]);
  });

  test("a person answers for what they made themselves, a pipeline takes it down", () => {
    const workflow = { provider: "github", runId: "1" };
    const run = [...creations, ...deletions].map((one) => ({ ...one, workflow }));
    expect(rulesStruck([...creations, ...deletions])).toEqual(["action.destructive_burst"]);
    expect(rulesStruck(run)).toEqual([]);
  });
});

test.each([
  [
    "a shorter life of the log",
    { action: "tenant:update", changes: [{ path: "/activityRetentionDays", from: 400, to: 30 }] },
    "audit.tampering",
  ],
  [
    "a rule turned off",
    { action: "alert:update", changes: [{ path: "/audit.tampering/enabled", from: true, to: false }] },
    "audit.tampering",
  ],
  [
    "a role of owner",
    {
      action: "user:update",
      resource: { type: "user", id: "usr_bob" },
      changes: [{ path: "/roles", from: ["member"], to: ["member", "owner"] }],
    },
    "privilege.escalation",
  ],
])("%s strikes", (_what, given, expected) => {
  expect(rulesStruck([record(given)])).toEqual([expected]);
});

test.each([
  [
    "a longer life of the log",
    { action: "tenant:update", changes: [{ path: "/activityRetentionDays", from: 30, to: 400 }] },
  ],
  [
    "a rule turned on",
    { action: "alert:update", changes: [{ path: "/audit.tampering/enabled", from: false, to: true }] },
  ],
  [
    "a role of member",
    { action: "user:update", changes: [{ path: "/roles", from: ["read-only"], to: ["member"] }] },
  ],
  [
    "an owner who stays one",
    { action: "user:update", changes: [{ path: "/roles", from: ["owner"], to: ["owner", "member"] }] },
  ],
])("%s is left alone", (_what, given) => {
  expect(findingsIn([record(given)])).toEqual([]);
});
