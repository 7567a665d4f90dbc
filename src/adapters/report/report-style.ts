/**
 * The style of the report. A text in a module of its own, for the same reasons as the script.
 *
 * Colours are named once for each scheme; the tests compute the contrast of every pair of text and ground that is
 * used (WCAG 2.2, 1.4.3: at least 4.5 to 1). Colour never says anything alone: each state has its name beside it,
 * and what needs somebody is hatched or marked.
 */
const LIGHT = `--ground:#ffffff;--panel:#f5f7f9;--text:#1b1f24;--quiet:#59636e;--line:#d1d7dd;--edge:#7d8793;--link:#0a58a8;
--bad:#a8201a;--bad-ground:#fdf0ef;--careful:#7a4a00;--careful-ground:#fdf5e6;--done:#17653a;--done-ground:#ecf7f0;--go:#0a58a8;--go-ground:#edf4fc;
--c-set:#2f74c0;--c-replace:#7a5bb5;--c-clear:#3d8a8a;--c-set-ad:#1d5f9e;--c-replace-ad:#97488d;--c-clear-ad:#6b7a1f;--c-verified:#2e8555;--c-taken-over:#1d6b6b;--c-accepted:#2f74c0;--c-idle:#808a95;--c-careful:#b9770e;--c-bad:#c43c35;--hatch:#ffffff`;

const DARK = `--ground:#14171a;--panel:#1d2125;--text:#e5e8eb;--quiet:#a2abb5;--line:#3a4149;--edge:#79838e;--link:#7db8f5;
--bad:#ff9f96;--bad-ground:#371916;--careful:#efbd6a;--careful-ground:#2f2412;--done:#7fd3a1;--done-ground:#14291d;--go:#7db8f5;--go-ground:#15263a;
--c-set:#4f94e0;--c-replace:#a08ad8;--c-clear:#55a8a8;--c-set-ad:#7fb0ea;--c-replace-ad:#cc84c2;--c-clear-ad:#9cae4c;--c-verified:#45a873;--c-taken-over:#3a9a9a;--c-accepted:#4f94e0;--c-idle:#7f8994;--c-careful:#d08e24;--c-bad:#e0574f;--hatch:#14171a`;

/** Paper is white, whatever the screen was. */
export const REPORT_STYLE = `
:root{color-scheme:light dark;${LIGHT}}
@media (prefers-color-scheme:dark){:root{${DARK}}}
*{box-sizing:border-box}
html{-webkit-text-size-adjust:100%;text-size-adjust:100%}
body{margin:0;background:var(--ground);color:var(--text);font:15px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif;overflow-wrap:break-word}
main{max-width:1280px;margin:0 auto;padding:28px 24px 64px}
h1{font-size:26px;line-height:1.25;margin:0 0 8px;font-weight:650}
h2{font-size:18px;line-height:1.3;margin:0 0 10px;font-weight:650}
h3{font-size:15px;margin:0;display:flex;flex-wrap:wrap;gap:4px 12px;align-items:baseline}
p{margin:0 0 10px;max-width:82ch}
section{margin:30px 0 0}
a{color:var(--link)}
:focus-visible{outline:3px solid var(--link);outline-offset:2px}
section:focus{outline:none}
code,pre,.id{font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,"Liberation Mono",monospace;font-size:.92em}
h1 .id{font-size:.95em;font-weight:600}
pre{margin:6px 0 0;padding:8px 12px;background:var(--panel);border:1px solid var(--line);border-radius:6px;overflow-x:auto}
ul,ol{margin:0;padding-left:22px}
.plain{list-style:none;padding:0}
.quiet{color:var(--quiet);font-size:.9em;overflow-wrap:anywhere}
.kicker{color:var(--quiet);margin:0 0 4px}
.lead{font-size:17px;max-width:92ch}
.unseen{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
bdi{overflow-wrap:anywhere}
td bdi,td .quiet{overflow-wrap:break-word}
.alarm{border:2px solid var(--bad);border-left-width:8px;background:var(--bad-ground);border-radius:6px;padding:14px 16px}
.cutover h3{margin:14px 0 4px}
.alarm h2,.mark,p.alarm{color:var(--bad)}
.alarm .quiet{color:var(--text)}
.alarm table{background:var(--ground)}
.note{border-left:4px solid var(--careful);background:var(--careful-ground);padding:8px 12px}
.tiles{list-style:none;padding:0;display:flex;flex-wrap:wrap;gap:10px;margin:0 0 18px}
.tile{border:1px solid var(--line);border-left:5px solid var(--edge);border-radius:6px;padding:6px 14px 8px;min-width:120px;background:var(--panel)}
.tile strong{display:block;font-size:22px;line-height:1.25;font-variant-numeric:tabular-nums}
.tile span{color:var(--quiet)}
.tile.bad{border-left-color:var(--bad)}.tile.bad strong{color:var(--bad)}
.tile.careful{border-left-color:var(--careful)}.tile.careful strong{color:var(--careful)}
.tile.done{border-left-color:var(--done)}.tile.done strong{color:var(--done)}
.tile.go{border-left-color:var(--go)}.tile.go strong{color:var(--go)}
figure{margin:0}
.chart{display:block;width:100%;height:32px;border-radius:4px;margin:0 0 10px}
.key{width:14px;height:14px;vertical-align:-2px;margin-right:8px}
.hatch{stroke:var(--hatch);stroke-width:1.6;fill:none;opacity:.75}
rect.s-set{fill:var(--c-set)}rect.s-replace{fill:var(--c-replace)}rect.s-clear{fill:var(--c-clear)}rect.s-verified{fill:var(--c-verified)}
rect.s-set-consistency-guid{fill:var(--c-set-ad)}rect.s-replace-consistency-guid{fill:var(--c-replace-ad)}rect.s-clear-consistency-guid{fill:var(--c-clear-ad)}
rect.s-taken-over{fill:var(--c-taken-over)}rect.s-accepted{fill:var(--c-accepted)}rect.s-already,rect.s-none,rect.s-pending{fill:var(--c-idle)}
rect.s-drift{fill:var(--c-careful)}rect.s-undecided{fill:var(--c-replace)}rect.s-blocked,rect.s-failed,rect.s-parked{fill:var(--c-bad)}
table{border-collapse:collapse;width:100%;font-size:14px}
caption{text-align:left;color:var(--quiet);padding:6px 8px}
th,td{text-align:left;vertical-align:top;padding:5px 10px;border-bottom:1px solid var(--line)}
thead th{background:var(--panel);border-bottom:2px solid var(--edge);font-weight:600;white-space:nowrap}
tbody th{font-weight:600;white-space:nowrap}
.number{text-align:right;font-variant-numeric:tabular-nums}
.states{max-width:760px}
.steps{margin-top:8px}
.holders td:nth-child(5),.holders td:nth-child(6){white-space:nowrap}
.states caption{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
.scroll{overflow-x:auto;border:1px solid var(--line);border-radius:6px}
.tall{overflow:auto;max-height:min(78vh,900px)}
.tall thead th{position:sticky;top:0;z-index:1;padding:0;border-bottom:0;box-shadow:inset 0 -2px 0 var(--edge)}
.facts{margin:0;display:grid;grid-template-columns:repeat(auto-fill,minmax(300px,1fr));gap:8px 24px}
.facts dt,.finding dt{color:var(--quiet);font-size:.9em}
dd{margin:0;overflow-wrap:anywhere;unicode-bidi:isolate}
.severity{font-weight:600;white-space:nowrap}
.severity.block{color:var(--bad)}.severity.warn{color:var(--careful)}.severity.info{color:var(--go)}
.finding{border:1px solid var(--line);border-left:5px solid var(--edge);border-radius:6px;margin:12px 0 0;padding:12px 16px}
.finding.block{border-left-color:var(--bad)}.finding.warn{border-left-color:var(--careful)}.finding.info{border-left-color:var(--go)}
.finding .where{color:var(--quiet)}
.finding .says{font-weight:600;margin:4px 0 8px}
.finding dl{margin:0 0 6px}
.finding dl>div{display:grid;grid-template-columns:110px 1fr;gap:2px 12px;margin:0 0 4px}
.finding dd{max-width:92ch}
summary{break-after:avoid;cursor:pointer;color:var(--link);width:fit-content}
details ul{margin:6px 0 0}
.status{margin:10px 0 0}
.next li{margin:0 0 12px}
.controls{display:flex;flex-wrap:wrap;gap:10px 16px;align-items:end;margin:0 0 10px}
.controls p{margin:0;display:flex;flex-direction:column;gap:2px;max-width:100%}
.controls p:first-child{flex:1 1 260px}
label{font-size:.9em;color:var(--quiet)}
input,select,button{font:inherit;color:var(--text);background:var(--ground);border:1px solid var(--edge);border-radius:5px;padding:5px 10px;max-width:100%}
input{width:100%}
button{cursor:pointer;background:var(--panel)}
button[aria-disabled=true]{color:var(--quiet);border-style:dashed;cursor:default}
.shown{display:flex;flex-wrap:wrap;gap:6px 16px;justify-content:space-between;align-items:center;max-width:none}
.shown [role=status]{font-variant-numeric:tabular-nums}
#table th button{border:0;background:none;border-radius:0;font-weight:600;padding:5px 10px;width:100%;text-align:left;white-space:nowrap}
#table tbody th{padding:0}
#table tbody th button{color:var(--link);font-variant-numeric:tabular-nums}
#table tbody th button::before{content:"▸ "}
#table tbody th button[aria-expanded=true]::before{content:"▾ "}
#table th[aria-sort=ascending] button::after{content:" ▲"}
#table th[aria-sort=descending] button::after{content:" ▼"}
#table td{unicode-bidi:isolate}
#table td>span{display:block;width:max-content;max-width:22em;overflow-wrap:anywhere;white-space:normal}
#table td.codes>span{max-width:16em}
#table td.number>span{width:auto}
#table td.hash{font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,"Liberation Mono",monospace;font-size:.9em}
#table tr.look>th{box-shadow:inset 4px 0 0 var(--careful)}
#table tr.details td{background:var(--panel)}
#table tr.details dl{position:sticky;left:10px;width:min(1180px,calc(100vw - 96px))}
.state{font-weight:600;white-space:nowrap}
.state.s-blocked,.state.s-failed,.state.s-parked,.state.s-undecided{color:var(--bad)}
.state.s-drift{color:var(--careful)}.state.s-verified,.state.s-taken-over{color:var(--done)}.state.s-set,.state.s-replace,.state.s-clear,.state.s-accepted,.state.s-set-consistency-guid,.state.s-replace-consistency-guid,.state.s-clear-consistency-guid{color:var(--go)}
[hidden]{display:none}
@media (max-width:640px){
main{padding:18px 14px 48px}
h1{font-size:21px}.lead{font-size:16px}
.facts{grid-template-columns:1fr}
.finding dl>div{grid-template-columns:1fr}
.tile{flex:1 1 130px;min-width:0}
.states th:nth-child(3),.states td:nth-child(3),.overview th:nth-child(4),.overview td:nth-child(4){display:none}
.alarm{padding:10px}
.holders,.holders tbody,.holders tr,.holders th,.holders td{display:block}
.holders thead{display:none}
.holders th,.holders td,.holders td:nth-child(5),.holders td:nth-child(6){border:0;padding:1px 10px;white-space:normal;text-align:left}
.holders tr{border-bottom:1px solid var(--line);padding:6px 0}
.holders [data-label]::before{content:attr(data-label) ": ";color:var(--quiet)}
}
@media print{
:root{color-scheme:light;${LIGHT}}
@page{margin:14mm 12mm}
@page wide{size:landscape}
#rows{page:wide;break-before:page}
*{-webkit-print-color-adjust:exact;print-color-adjust:exact}
body{font-size:9.5pt;background:#ffffff}
main{max-width:none;padding:0}
table{font-size:8pt}
h1{font-size:16pt}h2{font-size:12pt;break-after:avoid}h3{font-size:10.5pt;break-after:avoid}.facts>div{break-inside:avoid}
.controls,.pages,.show{display:none}
.scroll,.tall{overflow:visible;max-height:none;border:0}
.tall thead th{position:static;box-shadow:none;border-bottom:1.5pt solid var(--edge)}
#table thead th button{display:contents}
thead{display:table-header-group}
tr,.tile{break-inside:avoid}
details::details-content{content-visibility:visible;height:auto}
#table th,#table tbody th,#table td{padding:2px 4px}
#table{font-size:7.5pt}
#table td>span{max-width:17em}
#table .hash,caption span{display:none}
#table th button,#table tbody th button{padding:0;font-size:7.5pt;color:inherit}
#table tbody th button::before{content:none}
#table tr.look>th{box-shadow:none}
a{color:inherit;text-decoration:none}
}
`;
