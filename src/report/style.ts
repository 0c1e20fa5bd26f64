import { fontFamily } from "./drawing.ts"

/** A face to embed, so that a report looks the same everywhere. */
export interface FontFace {
  readonly family: string
  /** CSS weight or range, such as "200 900" */
  readonly weight: string
  readonly style: "normal" | "italic"
  /** CSS unicode-range; empty for all. */
  readonly unicodeRange: string
  /** WOFF2 data URL */
  readonly dataUrl: string
}

/** Rules that declare embedded faces. */
export const fontFaceRules = (faces: readonly FontFace[]): string =>
  faces
    .map(
      ({ family, weight, style, unicodeRange, dataUrl }) =>
        `@font-face{font-family:'${family}';font-style:${style};font-weight:${weight};src:url(${dataUrl}) format('woff2')` +
        `${unicodeRange === "" ? "" : `;unicode-range:${unicodeRange}`}}`,
    )
    .join("")

/** Style sheet of the page; light, printable on A4. */
export const pageStyle = `
:root{color-scheme:light;--ink:#1f2430;--soft:#5b6270;--line:#dfe2e8;--paper:#fff;--wash:#f6f7f9;--accent:#0b5fa5}
*{box-sizing:border-box}
html{background:var(--wash);-webkit-text-size-adjust:100%}
body{margin:0 auto;max-width:1240px;padding:40px 44px 56px;background:var(--paper);color:var(--ink);font:16px/1.5 ${fontFamily};font-feature-settings:"kern","liga"}
h1{font-size:34px;line-height:1.15;font-weight:650;margin:2px 0 6px;letter-spacing:-.01em;overflow-wrap:anywhere}
h2{font-size:21px;line-height:1.25;font-weight:650;margin:52px 0 6px;padding-top:14px;border-top:1px solid var(--line)}
h3{font-size:16px;font-weight:650;margin:28px 0 8px}
p{margin:0 0 10px;max-width:76ch}
sub,sup{font-size:.72em;line-height:0}
a{color:var(--accent)}
.kicker{margin:0;color:var(--soft);font-size:14px;letter-spacing:.04em;text-transform:uppercase}
.facts{max-width:none;color:var(--soft);font-size:14.5px;margin:0 0 20px}
.status{display:inline-block;padding:0 9px;border-radius:10px;font-size:13px;font-weight:600;line-height:20px;vertical-align:2px;margin-right:4px;border:1px solid}
.status.done{color:#12683c;background:#eaf6ef;border-color:#b5dcc5}
.status.running{color:#0b5fa5;background:#e9f2fa;border-color:#b6d3ec}
.status.interrupted{color:#855a00;background:#fdf4de;border-color:#ecd59a}
.status.failed{color:#a32020;background:#fcebea;border-color:#efbcb8}
.status.synchronises{color:#12683c;background:#eaf6ef;border-color:#b5dcc5}
.status.saturates,.status.undecided{color:#855a00;background:#fdf4de;border-color:#ecd59a}
.status.diverges{color:#a32020;background:#fcebea;border-color:#efbcb8}
.verdict{font-size:17.5px;max-width:none;margin:14px 0 0}.verdict .status{margin-right:10px}
.summary p{font-size:17.5px;line-height:1.5;max-width:none}
.lead{font-size:17.5px;color:var(--soft);max-width:none}
.keys{display:flex;flex-wrap:wrap;gap:0;margin:22px 0 8px;padding:0;border-top:1px solid var(--line);border-bottom:1px solid var(--line)}
.keys div{flex:1 1 170px;padding:12px 18px 11px;border-left:1px solid var(--line)}
.keys div:first-child{border-left:0;padding-left:0}
.keys dt{font-size:13.5px;color:var(--soft)}
.keys dd{margin:0;font-size:23px;font-weight:600;line-height:1.3;white-space:nowrap;font-variant-numeric:tabular-nums}
.keys dd small{display:block;font-size:12.5px;font-weight:400;color:var(--soft);white-space:normal}
.notice{border-left:4px solid #c9cfd8;background:var(--wash);padding:8px 14px;margin:8px 0;max-width:none}
.notice.warning{border-color:#e0a100;background:#fdf8ea}
.notice.error{border-color:#c0392b;background:#fdf1f0}
.notice b{margin-right:6px}
figure{margin:0;position:relative;min-width:0;break-inside:avoid}
figure svg{display:block;width:100%;height:auto;overflow:visible}
figcaption{font-size:14px;line-height:1.4;color:var(--soft);margin:6px 0 0;max-width:90ch}
figcaption b{color:var(--ink);font-weight:600}
.row{display:flex;gap:20px;align-items:flex-start;margin:18px 0}
.row>*{flex:var(--share) 1 0;min-width:0}
.row>div>.row:first-child{margin-top:0}
.grid{display:flex;flex-wrap:wrap;gap:28px 20px;margin:18px 0;align-items:flex-start}
.grid>figure{flex:0 1 auto;width:calc(var(--width)*1px);max-width:100%}
.scroll{overflow-x:auto;margin:10px 0 4px}
table{border-collapse:collapse;font-size:14px;line-height:1.35;font-variant-numeric:tabular-nums lining-nums;width:100%}
th{font-weight:600;text-align:left;vertical-align:bottom;border-bottom:1.5px solid var(--ink);padding:5px 12px 5px 0}
td{border-bottom:1px solid var(--line);padding:4px 12px 4px 0;vertical-align:top}
th.n,td.n{text-align:right}
th.n+th:not(.n),td.n+td:not(.n){padding-left:14px}
tr.group td{font-weight:600;border-bottom:1px solid var(--soft);padding-top:14px}
td.source{color:var(--soft);font-size:13px}
td.pass{color:#12683c;font-weight:600}td.fail{color:#a32020;font-weight:600}
.mark{display:inline-block;width:10px;height:10px;border-radius:5px;margin-right:6px}
.changed{color:#a3480b;font-weight:600}
.columns{display:flex;flex-wrap:wrap;gap:8px 56px;align-items:flex-start}.columns>div{flex:1 1 380px}
.controls{display:flex;gap:14px;align-items:center;margin:14px 0 18px}.controls[hidden]{display:none}
.controls button{font:600 15px/1 ${fontFamily};min-width:84px;padding:9px 16px;border:1px solid var(--accent);border-radius:6px;background:var(--paper);color:var(--accent);cursor:pointer}
.controls button:hover,.controls button:focus-visible{background:#e9f2fa}
.controls input{flex:1 1 auto;min-width:60px;accent-color:var(--accent)}
.controls output{min-width:64px;text-align:right;color:var(--soft);font-size:14.5px;font-variant-numeric:tabular-nums}
details summary{cursor:pointer;color:var(--accent);margin:10px 0}
footer{margin-top:48px;border-top:1px solid var(--line);padding-top:12px;color:var(--soft);font-size:13.5px}
.tip{position:absolute;pointer-events:none;background:#fffffff2;border:1px solid var(--line);border-radius:4px;box-shadow:0 2px 8px #0002;padding:5px 9px;font-size:12.5px;line-height:1.4;white-space:nowrap;z-index:5;font-variant-numeric:tabular-nums}
.tip i{display:inline-block;width:9px;height:9px;border-radius:5px;margin-right:6px}
@media screen and (max-width:820px){body{padding:22px 16px}.row{flex-wrap:wrap}.row>figure,.row>.still{flex-basis:100%}}
@page{size:A4 landscape;margin:12mm}
@media print{.row{break-inside:avoid;margin:10px 0}.grid{gap:14px 1.7%}.grid>figure{width:calc(var(--width)/1152*100%)}figcaption{font-size:9pt}table{font-size:9pt}html{background:#fff}body{max-width:none;padding:0;font-size:10.5pt}h2{margin-top:26px;break-after:avoid}section>h2+p{break-after:avoid}h3{break-after:avoid}.status.synchronises{color:#12683c;background:#eaf6ef;border-color:#b5dcc5}
.status.saturates,.status.undecided{color:#855a00;background:#fdf4de;border-color:#ecd59a}
.status.diverges{color:#a32020;background:#fcebea;border-color:#efbcb8}
.verdict{font-size:17.5px;max-width:none;margin:14px 0 0}.verdict .status{margin-right:10px}
.summary p{font-size:11.5pt}.tip,.controls{display:none}tr{break-inside:avoid}thead{display:table-header-group}details summary{display:none}.keys dd{font-size:15pt}.keys div{flex-basis:110px;padding:6px 8px}*{print-color-adjust:exact;-webkit-print-color-adjust:exact}}
`.trim()

/**
 * Reads values off the curves under the pointer. Plots are described beside each picture; without this script
 * nothing but the reading is missing.
 */
export const hoverScript = `
(function(){
var NS="http://www.w3.org/2000/svg";
document.querySelectorAll("figure[data-hover]").forEach(function(figure){
 var plots=JSON.parse(document.getElementById(figure.getAttribute("data-hover")).textContent);
 var svg=figure.querySelector("svg"),tip=null,mark=null;
 function clear(){if(tip){tip.remove();tip=null}if(mark){mark.remove();mark=null}}
 svg.addEventListener("mouseleave",clear);
 svg.addEventListener("mousemove",function(event){
  var at=svg.createSVGPoint();at.x=event.clientX;at.y=event.clientY;
  at=at.matrixTransform(svg.getScreenCTM().inverse());
  var plot=plots.find(function(p){return at.x>=p.box[0]&&at.x<=p.box[0]+p.box[2]&&at.y>=p.box[1]&&at.y<=p.box[1]+p.box[3]});
  clear();if(!plot||!plot.curves.length)return;
  var x=plot.x[0]+(at.x-plot.box[0])/plot.box[2]*(plot.x[1]-plot.x[0]);
  var here=null,rows=[];
  plot.curves.forEach(function(c){
   if(!c.x.length)return;
   var low=0,high=c.x.length-1;
   while(high-low>1){var m=(low+high)>>1;if(c.x[m]<=x)low=m;else high=m}
   var k=x-c.x[low]<c.x[high]-x?low:high;
   if(here===null)here=c.x[k];
   if(c.y[k]!==null)rows.push([c,c.y[k]]);
  });
  if(here===null)return;
  mark=document.createElementNS(NS,"g");
  var px=function(v){return plot.box[0]+(v-plot.x[0])/(plot.x[1]-plot.x[0])*plot.box[2]};
  var line=document.createElementNS(NS,"path");
  line.setAttribute("d","M"+px(here)+" "+plot.box[1]+"v"+plot.box[3]);
  line.setAttribute("stroke","#8a909c");line.setAttribute("stroke-width","1");line.setAttribute("stroke-dasharray","2 2");
  mark.appendChild(line);
  rows.forEach(function(r){
   var dot=document.createElementNS(NS,"circle");
   dot.setAttribute("cx",px(here));
   dot.setAttribute("cy",plot.box[1]+plot.box[3]*(1-(r[1]-plot.y[0])/(plot.y[1]-plot.y[0])));
   dot.setAttribute("r","3");dot.setAttribute("fill",r[0].colour);mark.appendChild(dot);
  });
  mark.setAttribute("pointer-events","none");svg.appendChild(mark);
  tip=document.createElement("div");tip.className="tip";
  var head=document.createElement("div");head.textContent=plot.xTitle+" = "+here;tip.appendChild(head);
  rows.sort(function(a,b){return b[1]-a[1]});
  rows.forEach(function(r){
   var row=document.createElement("div"),dot=document.createElement("i");
   dot.style.background=r[0].colour;row.appendChild(dot);
   row.appendChild(document.createTextNode(r[0].name+"  "+String(r[1]).replace("-","\\u2212")));tip.appendChild(row);
  });
  figure.appendChild(tip);
  var box=figure.getBoundingClientRect(),left=event.clientX-box.left+16;
  if(left+tip.offsetWidth>box.width)left=event.clientX-box.left-tip.offsetWidth-16;
  tip.style.left=Math.max(0,left)+"px";tip.style.top=Math.max(0,event.clientY-box.top-20)+"px";
 });
});
})();
`.trim()
