/*! MIT f223bc19d4e87525 */
var e=import.meta.url.replace(/\/payments\/paywall\.js.*/,""),t=fetch.bind(window),n=e=>new Promise(t=>setTimeout(t,e)),a=e=>e.headers.get("Content-Type"),r=e=>/json/.test(a(e))?e.clone().json():{},i=(e,t)=>Object.assign(document.createElement(e),t),o=0
async function s(n,a){try{const i={method:"POST",headers:{"Content-Type":"application/json"},body:JSON.stringify(a)},s=await t(e+n,a&&i)
return o=Date.parse(s.headers.get("Date"))-Date.now()||0,[await r(s),s]}catch{return[]}}var c="pay-per-use"
function l(e){try{return[sessionStorage,localStorage].map(e)}catch{return[]}}var d=()=>l(e=>e.removeItem(c)),u=e=>l(t=>t[c]=JSON.stringify({page:location.pathname,at:Date.now(),...e})),p=e=>(e.getAttribute("return-url")??location.pathname+location.search)+"#"+c
async function m(e){if(/multipart|octet/.test(a(e)))return{}
const t=[...e.headers].filter(([e])=>"authorization"!==e)
return{url:e.url,method:e.method,headers:t,body:await e.clone().text()||void 0}}var h=e=>/pending|processing/.test(e?.status),f="Idempotency-Key",y="[data-pay-per-use]",b=()=>document.querySelector("pay-per-use")??document.body.appendChild(i("pay-per-use")),g=()=>crypto.getRandomValues(new Uint32Array(4)).join("-")
async function w(e,a){if(!a.url.startsWith(location.origin+"/"))return t(a);/GET|HEAD/.test(a.method)||a.headers.has(f)||a.headers.set(f,g())
for(let i=!1;;){const o=await t(a.clone()).catch(e=>{if(!i)throw e}),s=o?.status,c=/402|409/.test(s)?await r(o):{}
if(402===s&&await e.pay(c,await m(a)))i=!0
else if(o&&"in-progress"!==c.code){if(401!==s||!e.matches("[sign-in]"))return(i||402===s)&&d(),i&&e.close(),o
u({request:await m(a)}),location.assign(e.getAttribute("sign-in")+encodeURIComponent(p(e))),await new Promise(()=>{})}else await n(1500)}}async function v(){const{request:e,payment:t,required:a}=(()=>{const e=location.hash==="#"+c
e&&history.replaceState(history.state,"",location.pathname+location.search)
const[t,n]=l(e=>e[c]),a=JSON.parse(t??(e&&n)??null)
return a?.at>Date.now()-36e5&&(e||a.page===location.pathname)?a:{}})()
if(!e&&!t)return
const r=b()
if(r.tell("resume",e),(e=>{for(const t of document.querySelectorAll("form"+y))if([t,...t.elements].some(t=>new URL(S(t)??"",location).href===e?.url))for(const[n,a]of new URLSearchParams(e.body)){const e=t.elements[n]
e&&Object.assign(e,{value:a,checked:!0})}})(e),t){let i,o
for(;([i,o]=await s("/payments/"+t))&&!o;)await n(3e3)
if(!o.ok)return d()
if(!await r.pay({required:a},e,i))return d()}const i=e?.url&&await w(r,new Request(e.url,e))
d(),i||await n(1500),r.close(),i&&k(r,i,e)}async function k(e,t,n){const r=t.redirected?t.url:t.ok&&t.headers.get("Location")
if(e.tell("answer",{response:t,request:n}))if(r)location.assign(r)
else if(/html/.test(a(t))){const e=await t.text()
document.open(),document.write(e),document.close()}else t.ok||402===t.status||e.notice("error")}var S=e=>e?.getAttribute("formaction")??e?.getAttribute("action")
function x(e){const{target:t,submitter:n,defaultPrevented:a}=e
!a&&t.matches(y)&&"post"===t.method&&(e.preventDefault(),"true"!==t.ariaBusy&&(async(e,t)=>{const n=b(),a=new URL(S(t)??S(e)??"",location).href,{elements:r}=e,o=r.idempotencyKey??e.appendChild(i("input",{type:"hidden",name:"idempotencyKey"}))
o.value||=g()
const s=new FormData(e,t),c=e.enctype.startsWith("multipart")?s:new URLSearchParams(s)
e.ariaBusy="true"
try{const e=await n.fetch(a,{method:"POST",headers:{Accept:"text/html",[f]:o.value},body:c})
e.ok&&(o.value=""),await k(n,e,{url:a})}catch{n.notice("offline")}e.ariaBusy=null})(t,n))}function q(e){e.target.closest("button"+y)&&(e.preventDefault(),b().show())}function E(){addEventListener("submit",x),addEventListener("click",q)}var C=["online","visibilitychange"],D=class extends HTMLElement{constructor(){super(),Object.assign(this,(t=>{const n={}
let a,r,c,l,d,m,f,y,b,g=[],w={},v={}
const k=t.attachShadow({mode:"open"}),S=new CSSStyleSheet
S.replaceSync(":host{display:none;position:fixed;inset:0;--a:var(--pay-accent,light-dark(#1d4fc4,#a9c5ff));--r:var(--pay-radius,.7rem)}:host([open]){display:block}dialog{box-sizing:border-box;width:40rem;padding:1.5rem;border:1px solid #8886;border-radius:var(--r);background:var(--pay-surface,Canvas);color:var(--pay-text,CanvasText);font:1rem/1.5 var(--pay-font,system-ui)}dialog::backdrop{background:#0a1020bb}dialog:not(.p) .p,dialog:not(.o) .o,[hidden]{display:none!important}h2{margin:0;font-size:1.5rem;font-family:var(--pay-title-font,inherit);line-height:1.2;outline:0}p{margin:.5rem 0 0}button,label,::slotted(a),::slotted(img){padding:.7rem!important;border:1px solid #888;border-radius:var(--r);background:none;color:inherit;font:inherit;cursor:pointer}#retry,::slotted(a){background:var(--a)!important;color:var(--pay-on-accent,light-dark(#fff,#0a2257))!important;font-weight:600;text-decoration:none!important}button:hover,label:hover,label:has(:checked),::slotted(a:hover){box-shadow:0 0 0 2px var(--a)}#close{float:right;margin-left:1rem}#pay,fieldset{display:grid;gap:.6rem;margin:1rem 0;padding:0;border:0;text-align:center}label{display:flex;gap:.6rem;accent-color:var(--a);text-align:left}#buy{display:grid;gap:.6rem}::slotted(img){background:#fff!important}#status{margin:1rem 0;font-weight:600}.o #status{color:var(--pay-bad,light-dark(#a3201a,#ffb4ab))}@media(min-width:40rem){#pay{grid-template-columns:15rem 1fr;align-items:center}}@media(max-width:40rem){#buy{order:-1}}"),k.adoptedStyleSheets=[S],k.innerHTML='<dialog id="dialog" aria-labelledby="title"><button id="close"></button><h2 id="title" tabindex="-1" autofocus></h2><p><span id="balance"></span><span id="required"></span></p><p id="kept"></p><form id="choice"><fieldset id="packs"></fieldset><fieldset id="providers"></fieldset><label id="terms"><input id="agreed" type="checkbox"><slot name="terms"></slot></label></form><div id="pay" class="p"><div><slot name="qr"></slot><p id="scan"></p></div><div id="buy"><slot name="link"></slot><p id="timer" role="timer"></p><button id="check"></button></div></div><p id="status" role="status"></p><button id="retry" class="o"></button></dialog>',k.querySelectorAll("[id]").forEach(e=>(n[e.id]=e).part=e.id)
const{dialog:x,choice:q}=n
function E(e){a=null,t.setAttribute("open",""),x.open||x.showModal(),I(e),$()}function C(){x.close()}function D(e){const n=l
l=c=null,e?(a={...a,status:"paid"},I("paid"),t.tell("paid",a)):t.removeAttribute("open"),$(),n?.(e)}async function T(){a=null,I("starting")
const[e,t]=await s("/payments/packs")
if(!t?.ok)return N(t)
g=e.packs,j(n.packs,g,e=>B("title",e.credits,e.price)),j(n.providers,e.providers,e=>e.name),L()}function j(e,t,n){e.hidden=!t[1],e.ariaLabel=B("by"),e.replaceChildren(...t.map((t,a)=>{const r=i("label")
return r.append(i("input",{type:"radio",name:e.id,value:t.id,checked:!a}),n(t)),r}))}async function L(){const e=t.getAttribute("consent")
if(a=null,I(e&&!n.agreed.checked?"terms":"starting"),"terms"===r)return
const{packs:i,providers:o}=Object.fromEntries(new FormData(q)),c=b=s("/payments/create",{pack:i,provider:o,consent:e,returnUrl:p(t)}),[l,d]=await c
c===b&&(d?.ok?A(l):N(d))}function N(e){I(e?"error":"offline"),e||(d=setTimeout(T,3e3))}function A(e){if(c){if(a=e,v.payment=a.id,u(v),n.qr.getAttribute("src")!==a.qrCode&&(n.qr.src=a.qrCode),n.link.href=a.checkoutUrl,"paid"===a.status)return D(!0)
I(a.status),z()}}async function O(){const{id:e}=a
z()
const[t,n]=await s("/payments/"+e)
e===a?.id&&(n?.ok?A(t):I("offline"))}function z(){clearTimeout(d),c&&h(a)&&(d=setTimeout(O,3e3))}function I(e){r=e,P(),x.matches(":focus-within")||n.title.focus()}function P(){const e=a??g[0]??{},i=(Date.parse(a?.expiresAt)-Date.now()-o)/1e3,s=i>0?[i/60,i%60].map(e=>(""+(0|e)).padStart(2,0)).join(":"):null,l={title:e.credits,timer:s,...w,...v}
for(const t in n){const a="status"===t?B(r)??"":B(t,l[t],e.price)
null!=a&&n[t].textContent!==a&&(n[t].textContent=a)}n.kept.hidden=!v.request,n.terms.hidden=!t.matches("[consent]"),x.className=h(a)?"p":c&&/failed|canceled|expired|error/.test(r)?"o":"",x.lang=W()}function W(){return(t.closest("[lang]")?.lang||navigator.language).slice(0,2).toLowerCase()}function B(e,t,n){return((e,t,n,a)=>{const r="title|# credits for $|# credits voor $|# crédits pour $|# Credits für $\nbalance|Your balance: #|Je tegoed: #|Votre solde : #|Ihr Guthaben: #\nrequired| · needed: #| · nodig: #| · nécessaire : #| · nötig: #\nkept|What you filled in is kept.|Wat je invulde, blijft bewaard.|Ce que vous avez rempli est gardé.|Ihre Eingaben bleiben erhalten.\nby|Pay with|Betaal met|Payer avec|Bezahlen mit\nlink|Order and pay $|Bestellen en betalen $|Commander et payer $|Bestellen und bezahlen $\nscan|Scan with your phone|Scan met je telefoon|Scannez avec le téléphone|Mit dem Handy scannen\ntimer|# left to pay|Nog # om te betalen|Encore # pour payer|Noch # zum Bezahlen\nstarting|One moment…|Even geduld…|Un instant…|Einen Moment…\npending|Waiting for your payment…|Wachten op je betaling…|En attente du paiement…|Warten auf Ihre Zahlung…\nprocessing|Your bank is working on it…|Je bank is ermee bezig…|Votre banque s'en occupe…|Ihre Bank ist dabei…\npaid|Paid, thank you!|Betaald, dank je wel!|Payé, merci !|Bezahlt, vielen Dank!\nfailed|Not paid. Nothing was charged.|Niet betaald. Er is niets afgeschreven.|Pas payé. Rien n'est débité.|Nicht bezahlt. Nichts wurde abgebucht.\ncanceled|The payment was canceled.|De betaling is geannuleerd.|Le paiement est annulé.|Die Zahlung wurde abgebrochen.\nexpired|The time to pay is over.|De tijd om te betalen is om.|Le délai est écoulé.|Die Zeit ist abgelaufen.\nreview|We are checking this payment.|We kijken deze betaling na.|Nous vérifions ce paiement.|Wir prüfen diese Zahlung.\nerror|That did not work.|Dat is niet gelukt.|Cela n'a pas marché.|Das hat nicht geklappt.\noffline|No connection. We keep trying.|Geen verbinding. We blijven proberen.|Pas de connexion. Nous réessayons.|Keine Verbindung. Wir versuchen es weiter.\ncheck|I have paid|Ik heb betaald|J'ai payé|Ich habe bezahlt\nretry|Try again|Opnieuw proberen|Réessayer|Noch einmal\nclose|Close|Sluiten|Fermer|Schließen".split("\n").find(e=>e.startsWith(t+"|"))?.split("|"),i=r?.[["nl","fr","de"].indexOf(e)+2]
return i?.includes("#")&&null==n||i?.includes("$")&&!a?"":i?.replace("#",n).replace("$",()=>((e,{amount:t,currency:n})=>{const a=new Intl.NumberFormat(e,{style:"currency",currency:n})
return a.format(t/10**a.resolvedOptions().maximumFractionDigits)})(e,a))})(W(),e,t,n)}function $(){R(),document.hidden||!c&&!t.matches("[live]")||U(),c&&(f=setInterval(P,1e3),h(a)&&O())}function R(){y?.close(),clearTimeout(m),clearInterval(f)}function U(){const t=y=new EventSource(e+"/credits/events")
t.addEventListener("balance",e=>J(JSON.parse(e.data))),t.onerror=async()=>{if(t.readyState<2||t!==y)return
m=setTimeout(U,1e4)
const[e,n]=await s("/credits/status")
n?.ok&&J(e),401===n?.status&&clearTimeout(m)}}function J(e){const n=w.balance
w=e,document.querySelectorAll("[data-pay-per-use-balance]").forEach(t=>t.textContent=e.balance),t.tell("balance",e),c&&e.balance>=v.required?D(!0):c&&e.balance>n&&h(a)&&O()}return x.onclose=()=>D(!1),q.onchange=L,n.close.onclick=C,n.retry.onclick=T,n.check.onclick=()=>{I("starting"),O()},{attach(){for(const[e,a]of[["qr","img"],["link","a"]]){const r=`${t.id}-${e}`
n[e]=document.getElementById(r)??t.appendChild(i(a,{id:r,slot:e,alt:"QR",width:208}))}$()},pay({balance:e=w.balance,required:t},n,a){if(c)return c
const r=c=new Promise(e=>l=e)
return v={request:n,required:t},w={balance:e},E("starting"),a?A(a):T(),r},notice:E,close:C,wake:$,rest:R}})(this))}connectedCallback(){this.id||="paywall",this.attach()
for(const e of C)addEventListener(e,this.wake,!0)
this.matches("[intercept]")&&(window.fetch=(...e)=>this.fetch(...e)),E()}disconnectedCallback(){for(const e of C)removeEventListener(e,this.wake,!0)
this.rest()}async show(){const e=await this.pay({})
return d(),e&&n(1500).then(this.close),e}fetch(...e){return w(this,new Request(...e))}tell(e,t){return this.dispatchEvent(new CustomEvent(e,{detail:t,bubbles:!0,cancelable:!0}))}}
customElements.get("pay-per-use")||(customElements.define("pay-per-use",D),E(),"complete"===document.readyState?v():addEventListener("load",v))
var T=(...e)=>b().fetch(...e)
export{T as fetch,d as forget}
