const vertexShader = `#version 300 es
in vec3 place;in vec3 normal;in vec3 tint;
uniform mat3 turn;uniform vec4 lens;
out vec3 at;out vec3 way;out vec3 paint;
void main(){
 vec3 seen=turn*place;float away=lens.z-seen.z;
 at=place;way=turn*normal;paint=tint;
 gl_Position=vec4(seen.x*lens.x,seen.y*lens.y,(away-lens.w)*2.0-away,away);
}`

const fragmentShader = `#version 300 es
precision highp float;
in vec3 at;in vec3 way;in vec3 paint;
uniform vec4 cut;uniform float flat_;
out vec4 colour;
void main(){
 if(dot(cut.xyz,at)>cut.w)discard;
 float lit=flat_>0.5?1.0:gl_FrontFacing?0.42+0.58*max(0.0,dot(normalize(way),vec3(-0.35,0.5,0.79))):0.66;
 colour=vec4(paint*lit,1.0);
}`

/**
 * Puts a view in the place of the still picture of the particles that can be turned, cut open and coloured by any
 * attribute. Without WebGL 2 or without scripts the picture stays. Inner sides of cut particles are drawn without
 * shading, so that they look solid.
 */
export const sceneScript = `
(function(){
var figure=document.getElementById("figure-scene");
if(!figure)return;
var data=JSON.parse(document.getElementById("scene-data").textContent);
var canvas=figure.querySelector("canvas"),stage=canvas.parentNode,gl=canvas.getContext("webgl2",{antialias:true,alpha:false});
if(!gl)return;
function bytes(text){var s=atob(text),a=new Uint8Array(s.length);for(var i=0;i<s.length;i++)a[i]=s.charCodeAt(i);return a}
function floats(text){return new Float32Array(bytes(text).buffer)}
var number=new Int32Array(bytes(data.particle).buffer),centre=floats(data.centre),size=floats(data.size),level=bytes(data.level);
var count=number.length,dirs=data.directions,rays=dirs.length/3,faces=data.triangles,box=data.box;
data.attributes.forEach(function(a){a.values=floats(a.values)});
var place=new Float32Array(3*rays*count),normal=new Int8Array(4*rays*count),tint=new Uint8Array(4*rays*count),mean=new Float32Array(count);
var index=new Uint32Array(faces.length*count),sum=new Float32Array(3*rays);
for(var p=0;p<count;p++){
 var base=p*rays,total=0,v,k,i;
 for(v=0;v<rays;v++){
  var r=level[base+v]/255*size[p];total+=r;
  for(k=0;k<3;k++)place[3*(base+v)+k]=centre[3*p+k]+r*dirs[3*v+k];
 }
 mean[p]=total/rays;sum.fill(0);
 for(i=0;i<faces.length;i+=3){
  var a=3*(base+faces[i]),b=3*(base+faces[i+1]),c=3*(base+faces[i+2]);
  var ux=place[b]-place[a],uy=place[b+1]-place[a+1],uz=place[b+2]-place[a+2],wx=place[c]-place[a],wy=place[c+1]-place[a+1],wz=place[c+2]-place[a+2];
  var n=[uy*wz-uz*wy,uz*wx-ux*wz,ux*wy-uy*wx];
  for(k=0;k<3;k++){index[faces.length*p+i+k]=base+faces[i+k];for(var m=0;m<3;m++)sum[3*faces[i+k]+m]+=n[m]}
 }
 for(v=0;v<rays;v++){
  var length=Math.hypot(sum[3*v],sum[3*v+1],sum[3*v+2])||1;
  for(k=0;k<3;k++)normal[4*(base+v)+k]=Math.round(127*sum[3*v+k]/length);
 }
}
function shader(kind,text){var s=gl.createShader(kind);gl.shaderSource(s,text);gl.compileShader(s);return s}
var program=gl.createProgram();
gl.attachShader(program,shader(gl.VERTEX_SHADER,${JSON.stringify(vertexShader)}));
gl.attachShader(program,shader(gl.FRAGMENT_SHADER,${JSON.stringify(fragmentShader)}));
gl.linkProgram(program);
if(!gl.getProgramParameter(program,gl.LINK_STATUS))return;
gl.useProgram(program);
function where(name){return gl.getUniformLocation(program,name)}
var uTurn=where("turn"),uLens=where("lens"),uCut=where("cut"),uFlat=where("flat_");
function buffer(values,usage){var b=gl.createBuffer();gl.bindBuffer(gl.ARRAY_BUFFER,b);gl.bufferData(gl.ARRAY_BUFFER,values,usage||gl.STATIC_DRAW);return b}
function wired(name,width,kind,scaled,stride){var at=gl.getAttribLocation(program,name);gl.enableVertexAttribArray(at);gl.vertexAttribPointer(at,width,kind,scaled,stride,0)}
var solid=gl.createVertexArray();gl.bindVertexArray(solid);
buffer(place);wired("place",3,gl.FLOAT,false,12);
buffer(normal);wired("normal",3,gl.BYTE,true,4);
var tints=buffer(tint,gl.DYNAMIC_DRAW);wired("tint",3,gl.UNSIGNED_BYTE,true,4);
gl.bindBuffer(gl.ELEMENT_ARRAY_BUFFER,gl.createBuffer());gl.bufferData(gl.ELEMENT_ARRAY_BUFFER,index,gl.STATIC_DRAW);
var half=[box[0]/2,box[1]/2,box[2]/2],lines=[];
for(var axis=0;axis<3;axis++)for(var s=-1;s<2;s+=2)for(var t=-1;t<2;t+=2)for(var e=-1;e<2;e+=2){
 var point=[0,0,0];point[axis]=e*half[axis];point[(axis+1)%3]=s*half[(axis+1)%3];point[(axis+2)%3]=t*half[(axis+2)%3];lines.push(point[0],point[1],point[2]);
}
var frame=gl.createVertexArray();gl.bindVertexArray(frame);
buffer(new Float32Array(lines));wired("place",3,gl.FLOAT,false,12);
var grays=new Uint8Array(lines.length/3*4).fill(150);buffer(grays);wired("tint",3,gl.UNSIGNED_BYTE,true,4);
gl.enable(gl.DEPTH_TEST);gl.clearColor(1,1,1,1);
var camera={yaw:data.camera.yaw,pitch:data.camera.pitch,distance:data.camera.distance},lens,turn,waiting=false;
var select=figure.querySelector("select[name=attribute]"),side=figure.querySelector("select[name=side]"),slider=figure.querySelector("input[type=range]"),says=figure.querySelector("output"),scale=figure.querySelector(".scale"),shown=data.attributes[data.first];
var marks=[].slice.call(stage.querySelectorAll("[data-at]"));
function cutPlane(){
 var on=side.value;if(on==="")return [0,0,0,1];
 var k="xyz".indexOf(on[0]),sign=on[1]==="-"?-1:1,plane=[0,0,0,0];
 plane[k]=sign;plane[3]=half[k]*(1-2*slider.value/1000);return plane;
}
function draw(){
 waiting=false;
 var wide=stage.clientWidth,tall=stage.clientHeight,dense=Math.min(2,window.devicePixelRatio||1);
 if(canvas.width!==Math.round(wide*dense)||canvas.height!==Math.round(tall*dense)){canvas.width=Math.round(wide*dense);canvas.height=Math.round(tall*dense)}
 gl.viewport(0,0,canvas.width,canvas.height);gl.clear(gl.COLOR_BUFFER_BIT|gl.DEPTH_BUFFER_BIT);
 var cy=Math.cos(camera.yaw),sy=Math.sin(camera.yaw),cp=Math.cos(camera.pitch),sp=Math.sin(camera.pitch);
 turn=[[cy,sy,0],[-sp*sy,sp*cy,cp],[cp*sy,-cp*cy,sp]];
 var f=1/Math.tan(data.camera.angle/2),far=camera.distance+Math.hypot(half[0],half[1],half[2])*1.1;
 lens=[f*tall/wide,f,camera.distance,0];
 var near=Math.max(0.02*far,camera.distance-Math.hypot(half[0],half[1],half[2])*1.1);
 gl.uniformMatrix3fv(uTurn,false,[turn[0][0],turn[1][0],turn[2][0],turn[0][1],turn[1][1],turn[2][1],turn[0][2],turn[1][2],turn[2][2]]);
 gl.uniform4f(uLens,lens[0],lens[1],lens[2],near);
 var plane=cutPlane();
 gl.uniform4f(uCut,0,0,0,1);gl.uniform1f(uFlat,1);gl.bindVertexArray(frame);gl.drawArrays(gl.LINES,0,lines.length/3);
 gl.uniform4f(uCut,plane[0],plane[1],plane[2],plane[3]);gl.uniform1f(uFlat,0);gl.bindVertexArray(solid);gl.drawElements(gl.TRIANGLES,index.length,gl.UNSIGNED_INT,0);
 marks.forEach(function(mark){
  var c=mark.getAttribute("data-at").split(",").map(function(q,k){return Number(q)*half[k]}),q=turn.map(function(row){return row[0]*c[0]+row[1]*c[1]+row[2]*c[2]}),away=camera.distance-q[2];
  mark.style.left=(50+50*q[0]*lens[0]/away)+"%";mark.style.top=(50-50*q[1]*lens[1]/away)+"%";
 });
}
function ask(){if(!waiting){waiting=true;requestAnimationFrame(draw)}}
function hexed(text){return [1,3,5].map(function(k){return parseInt(text.slice(k,k+2),16)})}
function colour(stops,share){
 var at=Math.min(Math.max(share,0),1)*(stops.length-1),low=Math.min(Math.floor(at),stops.length-2),part=at-low,a=hexed(stops[low]),b=hexed(stops[low+1]);
 return a.map(function(x,k){return x+part*(b[k]-x)});
}
function told(value){
 if(!isFinite(value))return "not known";
 var text=Number(value.toPrecision(4)).toString();return text.replace("-","\\u2212")+(shown.unit?" "+shown.unit:"");
}
function paint(){
 for(var p=0;p<count;p++){
  var value=shown.values[p],c=isFinite(value)?colour(shown.colours,(value-shown.low)/(shown.high-shown.low)):[185,189,198];
  for(var v=p*rays;v<(p+1)*rays;v++)for(var k=0;k<3;k++)tint[4*v+k]=c[k];
 }
 gl.bindBuffer(gl.ARRAY_BUFFER,tints);gl.bufferSubData(gl.ARRAY_BUFFER,0,tint);
 scale.querySelector("i").style.background="linear-gradient(to right,"+shown.colours.join(",")+")";
 var ends=scale.querySelectorAll("b");ends[0].textContent=told(shown.low);ends[1].textContent=told(shown.high);
 ask();
}
data.attributes.forEach(function(a,k){var o=document.createElement("option");o.value=k;o.textContent=a.name;o.selected=k===data.first;select.appendChild(o)});
select.addEventListener("change",function(){shown=data.attributes[Number(select.value)];paint()});
side.addEventListener("change",function(){slider.disabled=side.value==="";if(side.value!==""&&Number(slider.value)<1)slider.value=500;ask()});
slider.addEventListener("input",ask);
figure.querySelector("button").addEventListener("click",function(){camera.yaw=data.camera.yaw;camera.pitch=data.camera.pitch;camera.distance=data.camera.distance;side.value="";slider.value=500;slider.disabled=true;ask()});
function turnBy(x,y){camera.yaw-=x;camera.pitch=Math.max(-1.57,Math.min(1.57,camera.pitch+y));ask()}
function zoomBy(by){camera.distance=Math.max(0.15,Math.min(4,camera.distance*by/data.camera.distance))*data.camera.distance;ask()}
function pick(event){
 var area=stage.getBoundingClientRect(),x=(2*(event.clientX-area.left)/area.width-1)/lens[0],y=(1-2*(event.clientY-area.top)/area.height)/lens[1];
 var length=Math.hypot(x,y,1),ray=[x/length,y/length,-1/length],way=[0,1,2].map(function(k){return turn[0][k]*ray[0]+turn[1][k]*ray[1]+turn[2][k]*ray[2]}),eye=[0,1,2].map(function(k){return turn[2][k]*camera.distance});
 var plane=cutPlane(),best=-1,least=Infinity;
 for(var p=0;p<count;p++){
  var o=[eye[0]-centre[3*p],eye[1]-centre[3*p+1],eye[2]-centre[3*p+2]],b=o[0]*way[0]+o[1]*way[1]+o[2]*way[2],c=o[0]*o[0]+o[1]*o[1]+o[2]*o[2]-mean[p]*mean[p],root=b*b-c;
  if(root<0)continue;
  for(var s=-1;s<2;s+=2){
   var t=-b+s*Math.sqrt(root);
   if(t<0||t>=least)continue;
   if(plane[0]*(eye[0]+t*way[0])+plane[1]*(eye[1]+t*way[1])+plane[2]*(eye[2]+t*way[2])>plane[3])continue;
   least=t;best=p;break;
  }
 }
 says.textContent=best<0?"":"particle "+number[best]+": "+shown.name+" "+told(shown.values[best]);
}
var held=null;
canvas.addEventListener("pointerdown",function(event){held=[event.clientX,event.clientY];canvas.setPointerCapture(event.pointerId);canvas.focus({preventScroll:true})});
canvas.addEventListener("pointermove",function(event){
 if(held===null){if(lens)pick(event);return}
 turnBy((event.clientX-held[0])*0.008,(event.clientY-held[1])*0.008);held=[event.clientX,event.clientY];
});
["pointerup","pointercancel"].forEach(function(name){canvas.addEventListener(name,function(){held=null})});
canvas.addEventListener("pointerleave",function(){says.textContent=""});
canvas.addEventListener("wheel",function(event){if(document.activeElement!==canvas)return;event.preventDefault();zoomBy(Math.exp(event.deltaY*0.001))},{passive:false});
canvas.addEventListener("keydown",function(event){
 var step={ArrowLeft:[-0.1,0],ArrowRight:[0.1,0],ArrowUp:[0,-0.1],ArrowDown:[0,0.1]}[event.key];
 if(step)turnBy(step[0],step[1]);else if(event.key==="+"||event.key==="=")zoomBy(0.9);else if(event.key==="-")zoomBy(1.1);else return;
 event.preventDefault();
});
window.addEventListener("resize",ask);
paint();draw();figure.classList.add("live");
})();
`.trim()
