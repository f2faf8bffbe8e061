#ifndef DATELINE_PARSER_EXPLAIN_STYLE_H_
#define DATELINE_PARSER_EXPLAIN_STYLE_H_

namespace dateline::explain {

// The rendered page's whole style.
inline constexpr char kStyle[] = R"css(
:root {
  --back: #f7f7f5; --card: #fff; --ink: #1b1f24; --grey: #656c76;
  --line: #d9dce0; --soft: #eef0f2; --link: #0b57d0;
  --keep: #137a3f; --keep-back: #eaf6ee; --drop: #b3372c; --drop-back: #fbecea;
  --warn-back: #fff4d6; --warn: #7a5200;
}
@media (prefers-color-scheme: dark) {
  :root {
    --back: #14171a; --card: #1c2024; --ink: #e6e8ea; --grey: #9aa3ad;
    --line: #343a41; --soft: #262b31; --link: #8ab4f8;
    --keep: #6fcf97; --keep-back: #17291f; --drop: #f2938a; --drop-back: #2f1f1e;
    --warn-back: #33290f; --warn: #f2c55c;
  }
}
* { box-sizing: border-box }
body { margin: 0; background: var(--back); color: var(--ink);
  font: 15px/1.5 system-ui, "DejaVu Sans", sans-serif }
p { margin: 0 }
a { color: var(--link) }
code, .path, .name, .why summary { font-family: ui-monospace, "DejaVu Sans Mono", monospace;
  font-size: 12px }
:focus-visible { outline: 2px solid var(--link); outline-offset: 1px }
.skip { position: absolute; left: -100vw }
.skip:focus { left: 8px; top: 8px; background: var(--card); padding: 4px 8px; z-index: 1 }
header { padding: 14px 20px 10px; background: var(--card); border-bottom: 1px solid var(--line) }
h1 { font-size: 19px; margin: 0 }
h2 { font-size: 15px; margin: 0 0 10px; color: var(--grey); font-weight: 600 }
h3 { font-size: 15px; margin: 20px 0 6px }
.transport { color: var(--grey); font-size: 13px; overflow-wrap: anywhere }
.counts, .view { display: inline-block; margin: 8px 16px 0 0; padding: 0; border: 0 }
.counts span { padding: 1px 8px; border-radius: 4px }
.counts .kept { background: var(--keep-back); border-left: 3px solid var(--keep) }
.counts .dropped { background: var(--soft); border-left: 3px dashed var(--drop) }
.view legend { float: left; padding: 0; margin-right: 8px; color: var(--grey) }
.rules { margin-top: 6px; font-size: 13px }
.rules summary { color: var(--grey); cursor: pointer }
.rules ul { margin: 4px 0 0; padding: 0; list-style: none; display: flex; flex-wrap: wrap; gap: 4px 6px }
.rules label { display: inline-block; padding: 0 7px 0 3px; border: 1px solid var(--line);
  border-radius: 4px; background: var(--soft) }
.rules label.kept { background: var(--keep-back); border-color: var(--keep) }
.rules input { vertical-align: -2px; margin: 0 2px 0 0 }
main { display: grid; grid-template-columns: minmax(0, 1fr) minmax(0, 1fr); align-items: start }
main > section { padding: 16px 20px 40px; min-width: 0 }
#article { background: var(--card); border-left: 1px solid var(--line); position: sticky; top: 0;
  max-height: 100vh; overflow-y: auto }
@media (max-width: 860px) {
  main { display: block }
  #article { position: static; max-height: none; border-left: 0; border-top: 1px solid var(--line) }
}

.name { color: var(--grey); margin-bottom: 3px; border-bottom: 1px dotted var(--line);
  overflow-wrap: anywhere }
.b { display: flex; flex-wrap: wrap; gap: 0 8px; align-items: baseline; justify-content: space-between;
  padding: 3px 8px; margin-bottom: 4px; border-left: 3px solid transparent; border-radius: 3px }
.b .t { flex: 1 1 60%; min-width: 0; white-space: pre-line; overflow-wrap: anywhere }
.b.kept { border-left-color: var(--keep); background: var(--keep-back) }
.b.dropped { border-left-style: dashed; border-left-color: var(--line) }
.b.dropped > .t { color: var(--grey) }
.b.h > .t { font-weight: 700 }
.h1 > .t { font-size: 20px; line-height: 1.25 } .h2 > .t { font-size: 17px }
.b.li > .t::before { content: "• " }
.b.quote > .t { font-style: italic }
.b.caption > .t { font-size: 13px }
.b.pre > .t { white-space: pre-wrap; font-family: ui-monospace, monospace; font-size: 13px }
.b.chip { display: inline-flex; max-width: 100%; margin-right: 3px; padding: 1px 6px; font-size: 13px;
  vertical-align: top; background: var(--soft); flex-wrap: wrap }
.b.chip > .t { flex: 0 1 auto }
.b.chip.kept { background: var(--keep-back) }
.b.chip.li > .t::before { content: "" }
.why { font-size: 12px; flex: 0 1 auto; min-width: 0; max-width: 100% }
.why[open] { flex-basis: 100% }
.why summary { cursor: pointer; color: var(--drop); list-style: none; font-size: 11px }
.why summary::-webkit-details-marker { display: none }
.why summary::before { content: "✕ " }
.kept .why summary { color: var(--keep) }
.kept .why summary::before { content: "✓ " }
.path { color: var(--grey); overflow-wrap: anywhere }
.to { font-size: 11px; text-decoration: none; padding: 0 4px; border: 1px solid var(--line); border-radius: 3px }
.to::before { content: "→ " }
.region { margin-top: 10px }
.region.d2 { margin-left: 14px } .region.d3 { margin-left: 28px } .region.d4 { margin-left: 42px }
.region.d5 { margin-left: 56px } .region.d6 { margin-left: 70px }
.b.li.l2 { margin-left: 18px } .b.li.l3 { margin-left: 36px }
.b.li.l4, .b.li.l5, .b.li.l6 { margin-left: 54px }
.b.chip { margin-left: 0 }
.b:target, .block:target { outline: 2px solid var(--link) }
.cut, .none { color: var(--grey) }
body:has(#view-kept:checked) .b.dropped, body:has(#view-kept:checked) .region:not(.has-kept),
body:has(#view-dropped:checked) .b.kept { display: none }

.failure, .warning { padding: 6px 10px; border-radius: 4px; margin-bottom: 8px; overflow-wrap: anywhere }
.failure { background: var(--drop-back); border-left: 3px solid var(--drop) }
.warning { background: var(--warn-back); border-left: 3px solid var(--warn) }
.fields { margin: 0 }
.field { display: grid; grid-template-columns: 104px minmax(0, 1fr); gap: 0 12px; padding: 5px 0;
  border-bottom: 1px solid var(--line) }
dt { color: var(--grey); font-size: 13px; padding-top: 1px }
dd { margin: 0; overflow-wrap: anywhere }
.field:first-child dd > p { font-size: 19px; font-weight: 700; line-height: 1.25 }
.evidence { font-size: 12px }
.evidence summary { cursor: pointer; color: var(--grey) }
.evidence ul { margin: 2px 0 4px; padding: 0; list-style: none }
.evidence li { padding: 2px 6px; border-left: 3px solid var(--line); margin-bottom: 2px; overflow-wrap: anywhere }
.evidence li.won { border-left-color: var(--keep); background: var(--keep-back) }
.evidence li.won b { color: var(--keep) }
.evidence li.lost { color: var(--grey) }
.block { display: grid; grid-template-columns: 104px minmax(0, 1fr); gap: 0 12px; padding: 4px 0 }
.type { color: var(--grey); font-size: 12px; padding-top: 2px }
.block > div { min-width: 0; overflow-wrap: anywhere; white-space: pre-line }
.block .h { font-weight: 700 }
.block .h1, .block .h2 { font-size: 17px }
.block .quote { border-left: 3px solid var(--line); padding-left: 10px; font-style: italic }
.block .pull { font-size: 17px }
.by { color: var(--grey); font-size: 13px; font-style: normal }
.url { font-size: 13px }
.item .mark { color: var(--grey) }
.item.l2 { margin-left: 18px } .item.l3 { margin-left: 36px }
.item.l4, .item.l5, .item.l6 { margin-left: 54px }
.scroll { overflow-x: auto; white-space: normal }
table { border-collapse: collapse; font-size: 13px }
caption { text-align: start; color: var(--grey) }
th, td { border: 1px solid var(--line); padding: 2px 8px; text-align: start }
th { background: var(--soft) }
.update { border-top: 1px solid var(--line); padding-top: 8px; margin-top: 8px }
@media print { #article { position: static; max-height: none } }
)css";

}  // namespace dateline::explain

#endif  // DATELINE_PARSER_EXPLAIN_STYLE_H_
