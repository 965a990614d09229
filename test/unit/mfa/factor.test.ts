import {
  type Factor,
  hasUsableFactor,
  maskPhone,
  parsePhone,
  summarise,
  usableFactors,
} from "../../../lib/mfa/factor.ts";

const APP: Factor = {
  factorId: "fac_1",
  type: "totp",
  label: "Phone",
  createdAtMs: 1,
  verifiedAtMs: 2,
  sealedSecret: "s",
};
const SMS: Factor = {
  factorId: "fac_2",
  type: "sms",
  label: "Work",
  createdAtMs: 1,
  phone: "+4915112345678",
};

test("T07 an unverified factor is no factor", () => {
  expect(usableFactors([APP, SMS], ["totp", "sms", "passkey"])).toEqual([APP]);
  expect(hasUsableFactor([SMS], ["totp", "sms", "passkey"])).toBe(false);
});

test("a factor of a type that the tenant does not allow is no factor", () => {
  expect(hasUsableFactor([APP], ["passkey"])).toBe(false);
});

test("tells of a factor its id, type and label alone", () => {
  expect(summarise(SMS)).toEqual({ id: "fac_2", type: "sms", label: "Work" });
  expect(summarise(APP)).toEqual({ id: "fac_1", type: "totp", label: "Phone" });
});

test("shows the last two digits of a phone number", () => {
  expect(maskPhone("+4915112345678")).toBe("•••••••••••78");
});

test.each(["+4915112345678", "+1234567", "+123456789012345"])("takes the phone number %s", (phone) => {
  expect(parsePhone(phone, "/phone")).toBe(phone);
});

test.each([
  "015112345678",
  "+0151123456",
  "+49 151 1234567",
  "+123456",
  "+1234567890123456",
  "+４9151",
  "",
  "+49151123456a",
])("refuses the phone number %j", (phone) => {
  expect(() => parsePhone(phone, "/phone")).toThrow(expect.objectContaining({ code: "request.invalid" }));
});
