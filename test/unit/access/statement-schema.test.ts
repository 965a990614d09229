import { StatementsSchema } from "../../../lib/http/statement-schema.ts";

const GOOD = { effect: "allow", actions: ["volume:*"], resources: ["volume/*"] };

/** Where the statements are wrong, as JSON pointers; unknown members by their own. */
function wrongAt(statements: unknown): readonly string[] {
  const { error } = StatementsSchema.safeParse(statements);
  return (error?.issues ?? []).flatMap((issue) => {
    const names = issue.code === "unrecognized_keys" ? issue.keys : [undefined];
    return names.map((name) =>
      [...issue.path, ...(name === undefined ? [] : [name])].map((step) => `/${String(step)}`).join(""),
    );
  });
}

test("takes statements with every condition as they are", () => {
  const statements = [
    GOOD,
    {
      effect: "deny",
      actions: ["*", "*:delete", "ec2:RunInstances", "vm:attach-volume"],
      resources: ["*", "volume/res_01abc", "bucket/a/b.c:d@e+f=g,h~i-*"],
      condition: {
        mfaWithinSeconds: 300,
        ipCidrs: ["192.0.2.0/24", "2001:db8::/32"],
        between: { from: "22:00", to: "06:00", timeZone: "Europe/Berlin" },
        sessionKinds: ["interactive", "workflow", "support"],
        owner: true,
        tags: { stage: "prod-*", team: "" },
      },
    },
  ];
  expect(StatementsSchema.parse(statements)).toEqual(statements);
  expect(StatementsSchema.parse([])).toEqual([]);
});

test.each<[string, unknown, string[]]>([
  ["no list", {}, [""]],
  ["an unknown effect", [{ ...GOOD, effect: "Allow" }], ["/0/effect"]],
  ["an unknown member", [GOOD, { ...GOOD, notActions: ["*"] }], ["/1/notActions"]],
  ["no actions", [{ ...GOOD, actions: [] }], ["/0/actions"]],
  ["51 actions", [{ ...GOOD, actions: Array(51).fill("a:b") }], ["/0/actions"]],
  ["51 resources", [{ ...GOOD, resources: Array(51).fill("a/b") }], ["/0/resources"]],
  ["an action without a colon", [{ ...GOOD, actions: ["vm:start", "start"] }], ["/0/actions/1"]],
  ["an empty action", [{ ...GOOD, actions: [""] }], ["/0/actions/0"]],
  ["an action of 129 characters", [{ ...GOOD, actions: [`a:${"b".repeat(127)}`] }], ["/0/actions/0"]],
  ["an action with a space", [{ ...GOOD, actions: ["vm: start"] }], ["/0/actions/0"]],
  ["an action with a look-alike", [{ ...GOOD, actions: ["vm:ѕtart"] }], ["/0/actions/0"]],
  ["an action with a line break", [{ ...GOOD, actions: ["vm:start\n"] }], ["/0/actions/0"]],
  ["an action that is no text", [{ ...GOOD, actions: [1] }], ["/0/actions/0"]],
  ["a resource without a slash", [{ ...GOOD, resources: ["volume/*", "volume"] }], ["/0/resources/1"]],
  ["a resource with a hash", [{ ...GOOD, resources: ["volume/a#b"] }], ["/0/resources/0"]],
  ["an empty condition", [{ ...GOOD, condition: {} }], ["/0/condition"]],
  ["an unknown condition", [{ ...GOOD, condition: { mfa: true } }], ["/0/condition/mfa"]],
  ["a condition that is null", [{ ...GOOD, condition: null }], ["/0/condition"]],
  ["no second at all", [{ ...GOOD, condition: { mfaWithinSeconds: 0 } }], ["/0/condition/mfaWithinSeconds"]],
  ["half a second", [{ ...GOOD, condition: { mfaWithinSeconds: 1.5 } }], ["/0/condition/mfaWithinSeconds"]],
  [
    "over 30 days",
    [{ ...GOOD, condition: { mfaWithinSeconds: 2_592_001 } }],
    ["/0/condition/mfaWithinSeconds"],
  ],
  [
    "no block",
    [{ ...GOOD, condition: { ipCidrs: ["10.0.0.0/8", "10.0.0.0/33"] } }],
    ["/0/condition/ipCidrs/1"],
  ],
  ["no blocks", [{ ...GOOD, condition: { ipCidrs: [] } }], ["/0/condition/ipCidrs"]],
  ["an unknown kind", [{ ...GOOD, condition: { sessionKinds: ["batch"] } }], ["/0/condition/sessionKinds/0"]],
  ["owner:false", [{ ...GOOD, condition: { owner: false } }], ["/0/condition/owner"]],
  ["no tags", [{ ...GOOD, condition: { tags: {} } }], ["/0/condition/tags"]],
  ["a tag that is no text", [{ ...GOOD, condition: { tags: { a: 1 } } }], ["/0/condition/tags/a"]],
])("refuses %s at its place", (_, statements, pointers) => {
  expect(wrongAt(statements)).toEqual(pointers);
});

test.each([
  [{ from: "24:00", to: "06:00", timeZone: "UTC" }, "/0/condition/between/from"],
  [{ from: "9:00", to: "17:00", timeZone: "UTC" }, "/0/condition/between/from"],
  [{ from: "09:00", to: "17:60", timeZone: "UTC" }, "/0/condition/between/to"],
  [{ from: "09:00", to: "09:00", timeZone: "UTC" }, "/0/condition/between/to"],
  [{ from: "09:00", to: "17:00", timeZone: "Mars/Olympus" }, "/0/condition/between/timeZone"],
  [{ from: "09:00", to: "17:00", timeZone: "+01:00" }, "/0/condition/between/timeZone"],
  [{ from: "09:00", to: "17:00", timeZone: "" }, "/0/condition/between/timeZone"],
  [{ from: "09:00", to: "17:00" }, "/0/condition/between/timeZone"],
  [{ from: "09:00", to: "17:00", timeZone: "UTC", days: [] }, "/0/condition/between/days"],
])("refuses the window %j at %s", (between, pointer) => {
  expect(wrongAt([{ ...GOOD, condition: { between } }])).toEqual([pointer]);
});

test("takes 100 statements, and 101 not", () => {
  expect(wrongAt(Array(100).fill(GOOD))).toEqual([]);
  expect(wrongAt(Array(101).fill(GOOD))).toEqual([""]);
});

test("refuses statements that would not fit with their role", () => {
  const long = { ...GOOD, actions: Array(50).fill(`a:${"b".repeat(126)}`) };
  expect(wrongAt(Array(9).fill(long))).toEqual([]);
  expect(wrongAt(Array(10).fill(long))).toEqual([""]);
});
