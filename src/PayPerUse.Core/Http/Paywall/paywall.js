/*! MIT f82ed6f608852290 */
async function e(e,t){try{const n={method:"POST",headers:{"Content-Type":"application/json"},body:JSON.stringify(t)},a=await p(u+e,t&&n)
return b=Date.parse(a.headers.get("Date"))-Date.now()||0,[await f(a),a]}catch{return[]}}function t(e){try{return[sessionStorage,localStorage].map(e)}catch{return[]}}async function n(e){if(/multipart|octet/.test(m(e)))return{}
const t=[...e.headers].filter(([e])=>"authorization"!==e)
return{url:e.url,method:e.method,headers:t,body:await e.clone().text()||void 0}}async function a(e,t){if(!t.url.startsWith(d.origin+"/"))return p(t);/GET|HEAD/.test(t.method)||t.headers.has(C)||t.headers.set(C,D())
for(let a=!1;;){const r=await p(t.clone()).catch(e=>{if(!a)throw e}),i=r?.status,o=/402|409/.test(i)?await f(r):{}
if(402===i&&await e.pay(o,await n(t)))a=!0
else if(r&&"in-progress"!==o.code){if(401!==i||!e.matches("[sign-in]"))return(a||402===i)&&v(),a&&e.close(),r
k({request:await n(t)}),d.assign(e.getAttribute("sign-in")+encodeURIComponent(S(e))),await new Promise(()=>{})}else await h(1500)}}async function r(){const{request:n,payment:r,required:o}=(()=>{const e=d.hash==="#"+g
e&&history.replaceState(history.state,"",w())
const[n,a]=t(e=>e[g]),r=JSON.parse(n??(e&&a)??null)
return r?.at>Date.now()-36e5&&(e||r.page===d.pathname)?r:{}})()
if(!n&&!r)return
const s=q()
if(s.tell("resume",n),(e=>{for(const t of l.querySelectorAll("form"+E))if([t,...t.elements].some(t=>new URL(T(t)??"",d).href===e?.url))for(const[n,a]of new URLSearchParams(e.body)){const e=t.elements[n]
e&&Object.assign(e,{value:a,checked:!0})}})(n),r){let t,a
for(;([t,a]=await e("/payments/"+r))&&!a;)await h(3e3)
if(!a.ok)return v()
if(!await s.pay({required:o},n,t))return v()}const c=n?.url&&await a(s,new Request(n.url,n))
v(),c||await h(1500),s.close(),c&&i(s,c,n)}async function i(e,t,n){const a=t.redirected?t.url:t.ok&&t.headers.get("Location")
if(e.tell("answer",{response:t,request:n}))if(a)d.assign(a)
else if(/html/.test(m(t))){const e=await t.text()
l.open(),l.write(e),l.close()}else t.ok||402===t.status||e.notice("error")}function o(e){const{target:t,submitter:n,defaultPrevented:a}=e
!a&&t.matches(E)&&"post"===t.method&&(e.preventDefault(),"true"!==t.ariaBusy&&(async(e,t)=>{const n=q(),a=new URL(T(t)??T(e)??"",d).href,{elements:r}=e,o=r.idempotencyKey??e.appendChild(y("input",{type:"hidden",name:"idempotencyKey"}))
o.value||=D()
const s=new FormData(e,t),c=e.enctype.startsWith("multipart")?s:new URLSearchParams(s)
e.ariaBusy="true"
try{const e=await n.fetch(a,{method:"POST",headers:{Accept:"text/html",[C]:o.value},body:c})
e.ok&&(o.value=""),await i(n,e,{url:a})}catch{n.notice("offline")}e.ariaBusy=null})(t,n))}function s(e){e.target.closest("button"+E)&&(e.preventDefault(),q().show())}function c(){addEventListener("submit",o),addEventListener("click",s)}var l=document,d=location,u=import.meta.url.split("/payments/paywall.js")[0],p=fetch.bind(window),h=e=>new Promise(t=>setTimeout(t,e)),m=e=>e.headers.get("Content-Type"),f=e=>/json/.test(m(e))?e.clone().json():{},y=(e,t)=>Object.assign(l.createElement(e),t),b=0,g="pay-per-use",w=()=>d.pathname+d.search,v=()=>t(e=>e.removeItem(g)),k=e=>t(t=>t[g]=JSON.stringify({page:d.pathname,at:Date.now(),...e})),S=e=>(e.getAttribute("return-url")??w())+"#"+g,x=e=>/pending|processing/.test(e?.status),C="Idempotency-Key",E="[data-pay-per-use]",q=()=>l.querySelector("pay-per-use")??l.body.appendChild(y("pay-per-use")),j=(...e)=>q().fetch(...e),D=()=>crypto.getRandomValues(new Uint32Array(4)).join("-"),T=e=>e?.getAttribute("formaction")??e?.getAttribute("action"),I=["online","visibilitychange"],N=class extends HTMLElement{constructor(){super(),Object.assign(this,(t=>{function n(e){T=null,t.setAttribute("open",""),M.open||M.showModal(),f(e),C()}function a(){M.close()}function r(e){const n=L
L=N=null,e?(T={...T,status:"paid"},f("paid"),t.tell("paid",T)):t.removeAttribute("open"),C(),n?.(e)}async function i(){T=null,f("starting")
const[t,n]=await e("/payments/packs")
if(!n?.ok)return c(n)
R=t.packs,W!==t.consent&&(D.agreed.checked=!1),W=t.consent,o(D.packs,R,e=>v("title",e.credits,e.price)),o(D.providers,t.providers,e=>e.name),D.providers.ariaLabel=v("by"),s()}function o(e,t,n){e.hidden=!t[1],e.replaceChildren(...t.map((t,a)=>{const r=y("label")
return r.append(y("input",{type:"radio",name:e.id,value:t.id,checked:!a}),n(t)),r}))}async function s(){if(T=null,f("starting"),W&&!D.agreed.checked)return f("terms")
const{packs:n,providers:a}=Object.fromEntries(new FormData(Z)),r=A=e("/payments/create",{pack:n,provider:a,consent:W,returnUrl:S(t)}),[i,o]=await r
r===A&&(o?.ok?d(i):c(o))}function c(e){f(e?"error":"offline"),e||(P=setTimeout(i,3e3))}function d(e){if(N){if(T=e,J.payment!==T.id&&(D.qr.src=T.qrCode),J.payment=T.id,k(J),D.link.href=T.checkoutUrl,"paid"===T.status)return r(!0)
f(T.status),m()}}function p(e){f("starting"),h(e)}async function h(t=""){const{id:n}=T
m()
const[a,r]=await e("/payments/"+n+t,t?{}:null)
n===T?.id&&(r?.ok?d(a):t&&r?h():f("offline"))}function m(){clearTimeout(P),N&&x(T)&&(P=setTimeout(h,3e3))}function f(e){I=e,g(),M.matches(":focus-within")||D.title.focus()}function g(){const e=T??R[0]??{},t=(Date.parse(T?.expiresAt)-Date.now()-b)/1e3,n=t>0?[t/60,t%60].map(e=>(""+(0|e)).padStart(2,0)).join(":"):null,a={title:e.credits,timer:n,...U,...J}
for(const t in D){let n="status"===t?v(I)??"":v(t,a[t],e.price)
"link"===t&&(n+=D.title.textContent),null!=n&&D[t].textContent!==n&&(D[t].textContent=n)}D.kept.hidden=!J.request,D.terms.hidden=!W,M.className=x(T)?"p":N&&/failed|canceled|expired|error/.test(I)?"o":"",M.lang=w()}function w(){return(t.closest("[lang]")?.lang||navigator.language).slice(0,2).toLowerCase()}function v(e,t,n){return((e,t,n,a)=>{const r=`title|# credits for $|# credits voor $|# crédits pour $|# Credits für $
balance|Your balance: #|Je tegoed: #|Votre solde : #|Ihr Guthaben: #
required| · needed: #| · nodig: #| · nécessaire : #| · nötig: #
kept|What you filled in is kept.|Wat je invulde, blijft bewaard.|Ce que vous avez rempli est gardé.|Ihre Eingaben bleiben erhalten.
by|Pay with|Betaal met|Payer avec|Bezahlen mit
agree|I agree to the terms.|Ik ga akkoord met de voorwaarden.|J'accepte les conditions.|Ich stimme den Bedingungen zu.
link|Order and pay: |Bestellen en betalen: |Commander et payer : |Bestellen und bezahlen: 
scan|Scan with your phone|Scan met je telefoon|Scannez avec le téléphone|Mit dem Handy scannen
timer|# left to pay|Nog # om te betalen|Encore # pour payer|Noch # zum Bezahlen
starting|One moment…|Even geduld…|Un instant…|Einen Moment…
pending|Waiting for your payment…|Wachten op je betaling…|En attente du paiement…|Warten auf Ihre Zahlung…
processing|Your bank is working on it…|Je bank is ermee bezig…|Votre banque s'en occupe…|Ihre Bank ist dabei…
paid|Paid, thank you!|Betaald, dank je wel!|Payé, merci !|Bezahlt, vielen Dank!
failed|Not paid. Nothing was charged.|Niet betaald. Er is niets afgeschreven.|Pas payé. Rien n'est débité.|Nicht bezahlt. Nichts wurde abgebucht.
canceled|Payment canceled.|Betaling geannuleerd.|Paiement annulé.|Zahlung abgebrochen.
expired|The time to pay is over.|De tijd om te betalen is om.|Le délai est écoulé.|Die Zeit ist abgelaufen.
review|We are checking this payment.|We kijken deze betaling na.|Nous vérifions ce paiement.|Wir prüfen diese Zahlung.
error|That did not work.|Dat is niet gelukt.|Cela n'a pas marché.|Das hat nicht geklappt.
offline|No connection. We keep trying.|Geen verbinding. We blijven proberen.|Pas de connexion. Nous réessayons.|Keine Verbindung. Wir versuchen es weiter.
check|I have paid|Ik heb betaald|J'ai payé|Ich habe bezahlt
cancel|Cancel payment|Betaling annuleren|Annuler le paiement|Zahlung abbrechen
retry|Try again|Opnieuw proberen|Réessayer|Noch einmal
close|Close|Sluiten|Fermer|Schließen`.split("\n").find(e=>e.startsWith(t+"|"))?.split("|"),i=r?.[["nl","fr","de"].indexOf(e)+2],o=i?.replace("#",n??"~").replace("$",()=>a?((e,{amount:t,currency:n})=>{const a=new Intl.NumberFormat(e,{style:"currency",currency:n})
return a.format(t/10**a.resolvedOptions().maximumFractionDigits)})(e,a):"~")
return/~/.test(o)?"":o})(w(),e,t,n)}function C(){E(),l.hidden||!N&&!t.matches("[live]")||q(),N&&(B=setInterval(g,1e3),x(T)&&h())}function E(){O?.close(),clearTimeout(z),clearInterval(B)}function q(){const t=O=new EventSource(u+"/credits/events")
t.addEventListener("balance",e=>j(JSON.parse(e.data))),t.onerror=async()=>{if(t.readyState<2||t!==O)return
z=setTimeout(q,1e4)
const[n,a]=await e("/credits/status")
a?.ok&&j(n),401===a?.status&&clearTimeout(z)}}function j(e){const n=U.balance
U=e,l.querySelectorAll("[data-pay-per-use-balance]").forEach(t=>t.textContent=e.balance),t.tell("balance",e),N&&e.balance>=J.required?r(!0):N&&e.balance>n&&x(T)&&h()}const D={}
let T,I,N,L,P,z,B,O,A,W,R=[],U={},J={}
const $=t.attachShadow({mode:"open"}),F=new CSSStyleSheet
F.replaceSync(":host{display:none;position:fixed;inset:0;--a:var(--pay-accent,light-dark(#1d4fc4,#a9c5ff));--r:var(--pay-radius,.7rem)}:host([open]){display:block}dialog{box-sizing:border-box;width:40rem;padding:1.5rem;border:1px solid #8886;border-radius:var(--r);background:var(--pay-surface,Canvas);color:var(--pay-text,CanvasText);font:1rem/1.5 var(--pay-font,system-ui)}dialog::backdrop{background:#0a1020bb}dialog:not(.p) .p,dialog:not(.o) .o,[hidden]{display:none!important}h2{margin:0;font-size:1.5rem;font-family:var(--pay-title-font,inherit);line-height:1.2;outline:0}p{margin:.5rem 0 0}button,label,::slotted(a),::slotted(img){padding:.7rem!important;border:1px solid #888;border-radius:var(--r);background:none;color:inherit;font:inherit;cursor:pointer}#retry,::slotted(a){background:var(--a)!important;color:var(--pay-on-accent,light-dark(#fff,#0a2257))!important;font-weight:600;text-decoration:none!important}button:hover,label:hover,label:has(:checked),::slotted(a:hover){box-shadow:0 0 0 2px var(--a)}#close{float:right;margin-left:1rem}#pay,#buy,fieldset{display:grid;gap:.6rem;margin:1rem 0;padding:0;border:0}#pay{grid-template-columns:repeat(auto-fit,minmax(15rem,1fr));align-items:center;text-align:center}label{display:flex;gap:.6rem;accent-color:var(--a)}::slotted(img){background:#fff!important}#status{margin:1rem 0;font-weight:600}.o #status{color:var(--pay-bad,light-dark(#a3201a,#ffb4ab))}"),$.adoptedStyleSheets=[F],$.innerHTML='<dialog id=dialog aria-labelledby=title><button id=close></button><h2 id=title tabindex="-1" autofocus></h2><p><span id=balance></span><span id=required></span></p><p id=kept></p><form id=choice><fieldset id=packs aria-label=Credits></fieldset><fieldset id=providers></fieldset><label id=terms><input id=agreed type=checkbox><slot id=agree name=terms></slot></label></form><div id=pay class=p><div id=buy><slot name=link></slot><p id=timer role=timer></p><button id=check></button><button id=cancel></button></div><div><slot name=qr></slot><p id=scan></p></div></div><p id=status role=status></p><button id=retry class=o></button></dialog>',$.querySelectorAll("[id]").forEach(e=>(D[e.id]=e).part=e.id)
const{dialog:M,choice:Z}=D
return M.onclose=()=>r(!1),Z.onchange=s,D.close.onclick=a,D.retry.onclick=i,D.check.onclick=()=>p(),D.cancel.onclick=()=>p("/cancel"),{attach(){for(const[e,n]of[["qr","img"],["link","a"]]){const a=`${t.id}-${e}`
D[e]=l.getElementById(a)??t.appendChild(y(n,{id:a,slot:e,alt:"QR",width:208}))}C()},pay({balance:e=U.balance,required:t},a,r){if(N)return N
const o=N=new Promise(e=>L=e)
return J={request:a,required:t},U={balance:e},n("starting"),r?d(r):i(),o},notice:n,close:a,wake:C,rest:E}})(this))}connectedCallback(){this.id||="paywall",this.attach()
for(const e of I)addEventListener(e,this.wake,!0)
this.matches("[intercept]")&&(window.fetch=j),c()}disconnectedCallback(){for(const e of I)removeEventListener(e,this.wake,!0)
this.rest()}async show(){const e=await this.pay({})
return v(),e&&h(1500).then(this.close),e}fetch(...e){return a(this,new Request(...e))}tell(e,t){return this.dispatchEvent(new CustomEvent(e,{detail:t,bubbles:!0,cancelable:!0}))}}
customElements.get("pay-per-use")||(customElements.define("pay-per-use",N),c(),"complete"===l.readyState?r():addEventListener("load",r))
export{j as fetch,v as forget}
