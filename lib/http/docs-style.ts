/** The style sheet of the reference page: system fonts, light and dark by the reader's own setting. */
export const DOCS_STYLE = `
:root {
  color-scheme: light dark;
  --text: light-dark(#1c2430, #dfe4ec);
  --soft: light-dark(#5a6675, #98a4b5);
  --line: light-dark(#dde3ea, #2b3543);
  --page: light-dark(#ffffff, #11161d);
  --panel: light-dark(#f6f8fa, #181f29);
  --link: light-dark(#0b57c2, #79b0ff);
  --get: light-dark(#0a6c4b, #4cc79b);
  --post: light-dark(#1b55b5, #7fb2ff);
  --put: light-dark(#8a5300, #e0a94e);
  --delete: light-dark(#b3261e, #ff8f86);
}
* { box-sizing: border-box; }
html { scroll-padding-top: 1rem; }
body {
  margin: 0; display: grid; grid-template-columns: minmax(15rem, 20rem) minmax(0, 1fr);
  background: var(--page); color: var(--text);
  font: 16px/1.6 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif;
}
a { color: var(--link); text-decoration: none; }
a:hover { text-decoration: underline; }
a:focus-visible { outline: 2px solid var(--link); outline-offset: 2px; border-radius: 3px; }
code, .form { font-family: ui-monospace, SFMono-Regular, "Cascadia Code", Menlo, Consolas, monospace; font-size: .86em; }
code { overflow-wrap: anywhere; }
.skip { position: absolute; left: -100vw; }
.skip:focus { left: 1rem; top: 1rem; background: var(--page); padding: .5rem 1rem; z-index: 1; }
nav {
  position: sticky; top: 0; height: 100vh; overflow-y: auto; padding: 1.25rem 1rem 3rem;
  background: var(--panel); border-right: 1px solid var(--line); font-size: .875rem;
}
nav p { margin: 0 .5rem .25rem; }
nav .brand { font-size: 1.05rem; font-weight: 650; }
nav .brand a { color: inherit; }
nav small { color: var(--soft); font-weight: 400; }
nav h2 { margin: 1.4rem .5rem .3rem; font-size: .75rem; letter-spacing: .06em; text-transform: uppercase; color: var(--soft); }
nav ul { list-style: none; margin: 0; padding: 0; }
nav li a { display: flex; gap: .5rem; align-items: baseline; padding: .18rem .5rem; border-radius: 5px; color: var(--text); }
nav li a:hover { background: var(--line); text-decoration: none; }
nav .method { flex: none; width: 3.6em; font-size: .68em; padding: 0; border: 0; background: none; }
main { padding: 2rem clamp(1rem, 4vw, 4rem) 6rem; max-width: 62rem; }
h1 { font-size: 2rem; line-height: 1.2; margin: 0 0 1.5rem; }
main h2 { font-size: 1.4rem; margin: 3rem 0 .5rem; padding-bottom: .35rem; border-bottom: 1px solid var(--line); }
h3 { font-size: 1.1rem; margin: 0 0 .4rem; }
h3 a { color: inherit; }
h4 { margin: 1.2rem 0 .35rem; font-size: .8rem; letter-spacing: .05em; text-transform: uppercase; color: var(--soft); }
p { margin: .4rem 0; }
main p > code, td > code, li > code { background: var(--panel); border: 1px solid var(--line); border-radius: 4px; padding: .05em .3em; }
article { border: 1px solid var(--line); border-radius: 10px; padding: 1.1rem 1.3rem; margin: 1.1rem 0; }
article:target { border-color: var(--link); }
.route { display: flex; gap: .6rem; align-items: center; flex-wrap: wrap; }
main .route code { border: 0; background: none; padding: 0; font-size: .95em; }
.method {
  font: 700 .72rem/1.5 ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; color: var(--soft);
  border: 1px solid currentcolor; border-radius: 5px; padding: .05rem .4rem;
}
.get { color: var(--get); } .post { color: var(--post); }
.put, .patch { color: var(--put); } .delete { color: var(--delete); }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-size: .9rem; }
th { text-align: left; font-weight: 600; color: var(--soft); }
th, td { padding: .35rem .8rem .35rem 0; border-bottom: 1px solid var(--line); vertical-align: top; }
em { font-style: normal; font-size: .8rem; color: var(--delete); }
.type { color: var(--soft); font-size: .9rem; }
.limit, .note, .optional { color: var(--soft); }
.limit { font-size: .92em; }
.note { font-size: .9rem; }
.members, .forms { list-style: none; margin: .3rem 0 .3rem; padding: 0 0 0 .9rem; border-left: 2px solid var(--line); font-size: .94rem; }
.members li, .forms li { padding: .12rem 0; }
.forms > li + li { border-top: 1px dashed var(--line); margin-top: .3rem; padding-top: .3rem; }
.good { color: var(--get); }
.soft { color: var(--soft); font-size: .92rem; }
@media (max-width: 52rem) {
  body { display: block; }
  nav { position: static; height: auto; max-height: 50vh; border-right: 0; border-bottom: 1px solid var(--line); }
}
@media print { nav { display: none; } body { display: block; } article { break-inside: avoid; } }
`;
