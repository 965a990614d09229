import { html } from "../../../lib/http/html.ts";

test("I14 text is escaped wherever it is put", () => {
  const evil = `"><script>alert('1')</script>&amp;`;
  expect(html`<a href="${evil}">${evil}</a>`.markup).toBe(
    '<a href="&quot;&gt;&lt;script&gt;alert(&#39;1&#39;)&lt;/script&gt;&amp;amp;">' +
      "&quot;&gt;&lt;script&gt;alert(&#39;1&#39;)&lt;/script&gt;&amp;amp;</a>",
  );
});

test("markup, lists, numbers and nothing are put in as they are", () => {
  const items = ["a", "<b>"].map((text) => html`<li>${text}</li>`);
  expect(html`<ul>${items}</ul>${3}${undefined}`.markup).toBe("<ul><li>a</li><li>&lt;b&gt;</li></ul>3");
});
