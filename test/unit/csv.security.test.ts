import { csvLine } from "../../lib/csv.ts";

test.each(["=1+1", "+1", "-2", "@SUM(A1)", "\t=1", "\r=1", "＝1"])(
  "I13 %j is no formula in a spreadsheet",
  (text) => {
    expect(csvLine([text])).toBe(`"'${text}"\r\n`);
  },
);

test("decimals and numbers stay numbers, whatever their sign", () => {
  expect(csvLine([{ decimal: "-1.78" }, -2, { decimal: "0.90" }])).toBe("-1.78,-2,0.90\r\n");
});

test("I13 quotes, commas and line ends are kept in their cell; nothing is nothing", () => {
  expect(csvLine(['a"b', "c,d", "e\r\nf", undefined, null, "g"])).toBe('"a""b","c,d","e\r\nf",,,g\r\n');
});
