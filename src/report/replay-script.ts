/**
 * Sets the stills of a replay in motion: a clock for all of them, a button, a slider. Without it the stills remain.
 * Damage of a facet goes linearly with the damage of its particle: between two recorded fields from one to the other,
 * before the first and after the last in proportion (to 1 at most). Readers who asked their system for less motion get
 * one picture a second instead of a film.
 */
export const replayScript = `
(function(){
var figure=document.getElementById("figure-replay");
if(!figure)return;
var data=JSON.parse(document.getElementById("replay-data").textContent);
var controls=figure.querySelector(".controls"),button=controls.querySelector("button"),slider=controls.querySelector("input"),clock=controls.querySelector("output");
var stills=[].map.call(figure.querySelectorAll(".still svg"),function(svg){
 var all=function(name){return [].slice.call(svg.querySelectorAll(name))};
 return {particles:all(".particle"),shades:all(".facets"),cursors:all(".cursor"),dot:svg.querySelector(".dot"),reading:svg.querySelector(".reading"),levels:null};
});
function place(list,value){
 var low=0,high=list.length-1;
 if(!(value>list[0]))return [0,0,0];
 if(value>=list[high])return [high,high,0];
 while(high-low>1){var middle=(low+high)>>1;if(list[middle]<=value)low=middle;else high=middle}
 return [low,high,(value-list[low])/(list[high]-list[low])];
}
function mixed(a,b,share){return a===null?b:b===null?a:a+share*(b-a)}
function colour(stops,share){
 var at=Math.min(Math.max(share,0),1)*(stops.length-1),low=Math.min(Math.floor(at),stops.length-2),part=at-low,text="#";
 for(var k=1;k<7;k+=2){
  var a=parseInt(stops[low].slice(k,k+2),16),b=parseInt(stops[low+1].slice(k,k+2),16);
  text+=(256+Math.round(a+part*(b-a))).toString(16).slice(1);
 }
 return text;
}
function facetShare(keys,facet,particle,damage){
 var last=keys.length-1,k=0;
 while(k<=last&&keys[k].mean[particle]<damage)k++;
 if(k===0){var m=keys[0].mean[particle];return m>0?keys[0].facet[facet]/100*damage/m:0}
 var low=keys[k-1].mean[particle],value=keys[k-1].facet[facet]/100;
 if(k>last)return low>0?Math.min(1,value*damage/low):value;
 return value+(keys[k].facet[facet]/100-value)*(damage-low)/(keys[k].mean[particle]-low);
}
function paintFacets(still,track,damage){
 var count=still.shades.length,parts=[],levels=data.facets.map(function(_,facet){
  var particle=data.facetParticle[facet],value=damage[particle]===null?0:facetShare(track.keys,facet,particle,damage[particle]/1000);
  return value>0.01?Math.min(count-1,Math.floor(value*count)):-1;
 });
 if(still.levels&&still.levels.join()===levels.join())return;
 still.levels=levels;
 for(var shade=0;shade<count;shade++)parts.push([]);
 levels.forEach(function(level,facet){if(level>=0)parts[level].push(data.facets[facet])});
 still.shades.forEach(function(path,shade){
  var text=parts[shade].join("");
  if(path.getAttribute("d")!==text)path.setAttribute("d",text);
 });
}
function show(time,charged){
 stills.forEach(function(still,which){
  var track=data.tracks[which],end=track.end,now=charged?track.endOfCharge:Math.min(time,end),at=place(track.time,now),span=data.range[1]-data.range[0];
  var row=function(table){return table[at[0]].map(function(value,particle){return mixed(value,table[at[1]][particle],at[2])})};
  var content=row(track.content),damage=track.damage.length?row(track.damage):null;
  still.particles.forEach(function(path,particle){
   if(content[particle]!=null)path.setAttribute("fill",colour(data.contentColours,(content[particle]/1000-data.range[0])/span));
   if(damage&&!still.shades.length){
    var worn=damage[particle]>=10;
    path.setAttribute("stroke",worn?colour(data.damageColours,damage[particle]/1000):"#ffffff");
    path.setAttribute("stroke-width",worn?"3":"1");
   }
  });
  if(damage&&still.shades.length)paintFacets(still,track,damage);
  var boxes=data.plots[which],x=function(box){return box[0]+now/data.duration*box[2]},reading=[];
  still.cursors.forEach(function(path,plot){var box=boxes[plot];path.setAttribute("d","M"+x(box).toFixed(2)+" "+box[1]+"v"+box[3])});
  if(track.voltage.time.length){
   var v=place(track.voltage.time,now),volt=mixed(track.voltage.value[v[0]],track.voltage.value[v[1]],v[2]),low=data.voltageRange[0],high=data.voltageRange[1];
   still.dot.setAttribute("r","4");
   still.dot.setAttribute("cx",x(boxes[0]).toFixed(2));
   still.dot.setAttribute("cy",(boxes[0][1]+boxes[0][3]*(1-(volt-low)/(high-low))).toFixed(2));
   reading.push(time>end&&!charged?"ended":track.voltage.step[v[2]>0?v[1]:v[0]],volt.toFixed(2)+" V");
  }
  var spread=mixed(track.spread[at[0]],track.spread[at[1]],at[2]),mean=damage?mixed(track.meanDamage[at[0]],track.meanDamage[at[1]],at[2]):null;
  if(spread!==null&&content.length>1)reading.push("spread of content "+spread.toFixed(3));
  if(mean!==null)reading.push("mean damage "+mean.toFixed(2));
  still.reading.textContent=reading.join(" \\u00b7 ");
 });
 var words=(time/60).toFixed(1)+" min";
 clock.textContent=words;slider.value=String(time);slider.setAttribute("aria-valuetext",words);
}
var playing=null,now=data.still,seconds=14;
function label(text){button.textContent=text;button.setAttribute("aria-label",text+" the cycle")}
function stop(){if(playing===null)return;cancelAnimationFrame(playing.frame);clearInterval(playing.timer);playing=null;label("Play")}
function advance(time){now=Math.min(time,data.duration);show(now);if(now>=data.duration)stop()}
function play(){
 var still=window.matchMedia("(prefers-reduced-motion: reduce)").matches,last=null;
 label("Pause");playing={frame:0,timer:0};
 if(still){playing.timer=setInterval(function(){advance(now+data.duration/seconds)},1000);return}
 playing.frame=requestAnimationFrame(function step(moment){
  if(last!==null)advance(now+(moment-last)/1000*data.duration/seconds);
  last=moment;
  if(playing!==null)playing.frame=requestAnimationFrame(step);
 });
}
var fresh=true;
button.addEventListener("click",function(){
 if(playing!==null){stop();return}
 if(fresh||now>=data.duration){now=0;show(0)}
 fresh=false;play();
});
slider.addEventListener("input",function(){stop();fresh=false;now=Number(slider.value);show(now)});
slider.max=String(data.duration);
label("Play");show(now,true);controls.hidden=false;
})();
`.trim()
