/*! MIT f66baf4b48425c60 */
function e(e){try{return[sessionStorage,localStorage].map(e)}catch{return[]}}function t(e,t){const n=e.getAttribute("sign-in")
if(n)return t&&h(t),y.assign(n+encodeURIComponent(m(e))),w(1e9)}async function n(e){if(/multipart|octet/.test(v(e)))return{}
const t=[...e.headers].filter(([e])=>"authorization"!==e)
return{url:e.url,method:e.method,headers:t,body:await e.clone().text()||void 0}}async function a(e,n){try{const a={method:"POST",headers:{"Content-Type":"application/json"},body:JSON.stringify(n)},i=await g(b+e,n&&a)
return x=Date.parse(i.headers.get("Date"))-Date.now()||0,401===i.status&&/pay/.test(e)&&await t(C()),[await k(i),i]}catch{return[]}}async function i(e,a){if(!a.url.startsWith(y.origin+"/"))return g(a);/GET|HEAD/.test(a.method)||a.headers.has(q)||a.headers.set(q,T())
for(let i=!1;;){const r=await g(a.clone()).catch(e=>{if(!i)throw e}),o=r?.status,s=/402|409/.test(o)?await k(r):{}
if(402===o&&await e.pay(s,await n(a)))i=!0
else{if(r&&"in-progress"!==s.code)return 401===o&&await t(e,{request:await n(a)}),(i||402===o)&&p(),i&&e.close(),r
await w(1500)}}}async function r(){const{request:t,payment:n,required:r,at:s}=(()=>{const t=y.hash==="#"+d
t&&history.replaceState(history.state,"",u())
const[n,a]=e(e=>e[d]),i=JSON.parse(n??(t&&a)??null)
return i?.at>Date.now()-36e5&&(t||i.page===y.pathname)?i:{}})()
if(!s)return
const c=C()
if(c.tell("resume",t),(e=>{for(const t of f.querySelectorAll("form"+D))if([t,...t.elements].some(t=>new URL(N(t)??"",y).href===e?.url))for(const[n,a]of new URLSearchParams(e.body)){const e=t.elements[n]
e&&Object.assign(e,{value:a,checked:!0})}})(t),n||!t){let e,i
for(;n&&([e,i]=await a("/payments/"+n))&&!i;)await w(3e3)
if(!1===i?.ok||!await c.pay({required:r},t,e))return p()}const l=t?.url&&await i(c,new Request(t.url,t))
p(),l||await w(1500),c.close(),l&&o(c,l,t)}async function o(e,t,n){const a=t.redirected?t.url:t.ok&&t.headers.get("Location")
if(e.tell("answer",{response:t,request:n}))if(a)y.assign(a)
else if(/html/.test(v(t))){const e=await t.text()
f.open(),f.write(e),f.close()}else t.ok||402===t.status||e.notice("error")}function s(e){const{target:t,submitter:n,defaultPrevented:a}=e
!a&&t.matches(D)&&"post"===t.method&&(e.preventDefault(),"true"!==t.ariaBusy&&(async(e,t)=>{const n=C(),a=new URL(N(t)??N(e)??"",y).href,{elements:i}=e,r=i.idempotencyKey??e.appendChild(S("input",{type:"hidden",name:"idempotencyKey"}))
r.value||=T()
const s=new FormData(e,t),c=e.enctype.startsWith("multipart")?s:new URLSearchParams(s)
e.ariaBusy="true"
try{const e=await n.fetch(a,{method:"POST",headers:{Accept:"text/html",[q]:r.value},body:c})
e.ok&&(r.value=""),await o(n,e,{url:a})}catch{n.notice("offline")}e.ariaBusy=null})(t,n))}function c(e){e.target.closest("button"+D)&&(e.preventDefault(),C().show())}function l(){addEventListener("submit",s),addEventListener("click",c)}var d="pay-per-use",u=()=>y.pathname+y.search,p=()=>e(e=>e.removeItem(d)),h=t=>e(e=>e[d]=JSON.stringify({page:y.pathname,at:Date.now(),...t})),m=e=>(e.getAttribute("return-url")??u())+"#"+d,f=document,y=location,b=import.meta.url.split("/payments/paywall.js")[0],g=fetch.bind(window),w=e=>new Promise(t=>setTimeout(t,e)),v=e=>e.headers.get("Content-Type"),k=e=>/json/.test(v(e))?e.clone().json():{},S=(e,t)=>Object.assign(f.createElement(e),t),x=0,C=()=>f.querySelector("pay-per-use")??f.body.appendChild(S("pay-per-use")),E=e=>/pending|processing/.test(e?.status),q="Idempotency-Key",D="[data-pay-per-use]",j=(...e)=>C().fetch(...e),T=()=>crypto.getRandomValues(new Uint32Array(4)).join("-"),N=e=>e?.getAttribute("formaction")??e?.getAttribute("action"),L=["online","visibilitychange"],z=class extends HTMLElement{constructor(){super(),Object.assign(this,(e=>{function t(t){T=null,e.setAttribute("open",""),M.open||M.showModal(),y(t),k()}function n(){M.close()}function i(t){const n=z
z=L=null,t?(T={...T,status:"paid"},y("paid"),e.tell("paid",T)):e.removeAttribute("open"),k(),n?.(t)}async function r(){T=null,y("starting")
const[e,t]=await a("/payments/packs")
if(!t?.ok)return c(t)
R=e.packs,I!==e.consent&&(j.agreed.checked=!1),I=e.consent,o(j.packs,R,e=>v("title",e.credits,e.price)),o(j.providers,e.providers,e=>e.name),j.providers.ariaLabel=v("by"),s()}function o(e,t,n){e.hidden=!t[1],e.replaceChildren(...t.map((t,a)=>{const i=S("label")
return i.append(S("input",{type:"radio",name:e.id,value:t.id,checked:!a}),n(t)),i}))}async function s(){if(T=null,y("starting"),I&&!j.agreed.checked)return y("terms")
const{packs:t,providers:n}=Object.fromEntries(new FormData(Z)),i=W=a("/payments/create",{pack:t,provider:n,consent:I,returnUrl:m(e)}),[r,o]=await i
i===W&&(o?.ok?l(r):c(o))}function c(e){y(e?"error":"offline"),e||(B=setTimeout(r,3e3))}function l(e){if(L){if(T=e,J.payment!==T.id&&(j.qr.src=T.qrCode),J.payment=T.id,h(J),j.link.href=T.checkoutUrl,"paid"===T.status)return i(!0)
y(T.status),p()}}function d(e){y("starting"),u(e)}async function u(e=""){const{id:t}=T,[n,i]=await a("/payments/"+t+e,e?{}:null)
p(),t===T?.id&&(i?.ok?l(n):e&&i?u():y("offline"))}function p(){clearTimeout(B),L&&E(T)&&(B=setTimeout(u,3e3))}function y(e){N=e,g(),M.matches(":focus-within")||j.title.focus()}function g(){const e=T??R[0]??{},t=(Date.parse(T?.expiresAt)-Date.now()-x)/1e3,n=t>0?[t/60,t%60].map(e=>(""+(0|e)).padStart(2,0)).join(":"):null,a={title:e.credits,timer:n,...U,...J}
for(const t in j){let n="status"===t?v(N)??"":v(t,a[t],e.price)
"link"===t&&(n+=j.title.textContent),null!=n&&j[t].textContent!==n&&(j[t].textContent=n)}j.kept.hidden=!J.request,j.terms.hidden=!I,M.className=E(T)?"p":L&&/failed|canceled|expired|error/.test(N)?"o":"",M.lang=w()}function w(){return(e.closest("[lang]")?.lang||navigator.language).slice(0,2).toLowerCase()}function v(e,t,n){return((e,t,n,a)=>{const i=`title|# credits for $|# credits voor $|# crédits pour $|# Credits für $
balance|Your balance: #|Je tegoed: #|Votre solde : #|Guthaben: #
required| · needed: #| · nodig: #| · nécessaire : #| · nötig: #
kept|What you filled in is kept.|Wat je invulde, blijft bewaard.|Ce que vous avez rempli est gardé.|Die Eingaben bleiben erhalten.
by|Pay with|Betaal met|Payer avec|Bezahlen mit
agree|I agree to the terms.|Ik ga akkoord met de voorwaarden.|J'accepte les conditions.|Ich stimme den Bedingungen zu.
link|Order and pay: |Bestellen en betalen: |Commander et payer : |Bestellen und bezahlen: 
scan|Scan with your phone|Scan met je telefoon|Scannez avec le téléphone|Mit dem Handy scannen
timer|# left to pay|Nog # om te betalen|Encore # pour payer|Noch # zum Bezahlen
starting|One moment…|Even geduld…|Un instant…|Einen Moment…
pending|Waiting for your payment…|Wachten op je betaling…|En attente du paiement…|Warten auf die Zahlung…
processing|Your bank is working on it…|Je bank is ermee bezig…|Votre banque s'en occupe…|Die Bank ist dabei…
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
close|Close|Sluiten|Fermer|Schließen`.split("\n").find(e=>e.startsWith(t+"|"))?.split("|"),r=i?.[["nl","fr","de"].indexOf(e)+2],o=r?.replace("#",n??"~").replace("$",()=>a?((e,{amount:t,currency:n})=>{const a=new Intl.NumberFormat(e,{style:"currency",currency:n})
return a.format(t/10**a.resolvedOptions().maximumFractionDigits)})(e,a):"~")
return/~/.test(o)?"":o})(w(),e,t,n)}function k(){C(),f.hidden||!L&&!e.matches("[live]")||q(),L&&(P=setInterval(g,1e3),E(T)&&u())}function C(){A?.close(),clearTimeout(O),clearInterval(P)}function q(){const e=A=new EventSource(b+"/credits/events")
e.addEventListener("balance",e=>D(JSON.parse(e.data))),e.onerror=async()=>{if(e.readyState<2||e!==A)return
O=setTimeout(q,1e4)
const[t,n]=await a("/credits/status")
n?.ok&&D(t),401===n?.status&&clearTimeout(O)}}function D(t){const n=U.balance
U=t,f.querySelectorAll("[data-pay-per-use-balance]").forEach(e=>e.textContent=t.balance),e.tell("balance",t),L&&t.balance>=J.required?i(!0):L&&t.balance>n&&E(T)&&u()}const j={}
let T,N,L,z,B,O,P,A,W,I,R=[],U={},J={}
const $=e.attachShadow({mode:"open"}),F=new CSSStyleSheet
F.replaceSync(":host{display:none;position:fixed;inset:0;--a:var(--pay-accent,light-dark(#1d4fc4,#a9c5ff));--r:var(--pay-radius,.7rem)}:host([open]){display:block}dialog{box-sizing:border-box;width:40rem;padding:1.5rem;border:1px solid #8886;border-radius:var(--r);background:var(--pay-surface,Canvas);color:var(--pay-text,CanvasText);font:1rem/1.5 var(--pay-font,system-ui)}dialog::backdrop{background:#0a1020bb}dialog:not(.p) .p,dialog:not(.o) .o,[hidden]{display:none!important}h2{margin:0;font-size:1.5rem;font-family:var(--pay-title-font,inherit);line-height:1.2;outline:0}p{margin:.5rem 0 0}button,label,::slotted(a),::slotted(img){padding:.7rem!important;border:1px solid #888;border-radius:var(--r);background:none;color:inherit;font:inherit;cursor:pointer}#retry,::slotted(a){background:var(--a)!important;color:var(--pay-on-accent,light-dark(#fff,#0a2257))!important;font-weight:600;text-decoration:none!important}button:hover,label:hover,label:has(:checked),::slotted(a:hover){box-shadow:0 0 0 2px var(--a)}#close{float:right;margin-left:1rem}#pay,#buy,form,fieldset{display:grid;gap:.6rem;margin:1rem 0;padding:0;border:0}#pay{grid-template-columns:repeat(auto-fit,minmax(15rem,1fr));align-items:center;text-align:center}label{display:flex;gap:.6rem;accent-color:var(--a)}::slotted(img){background:#fff!important}#status{margin:1rem 0;font-weight:600}.o #status{color:var(--pay-bad,light-dark(#a3201a,#ffb4ab))}"),$.adoptedStyleSheets=[F],$.innerHTML='<dialog id=dialog aria-labelledby=title><button id=close></button><h2 id=title tabindex="-1" autofocus></h2><p><span id=balance></span><span id=required></span></p><p id=kept></p><form id=choice><fieldset id=packs aria-label=Credits></fieldset><fieldset id=providers></fieldset><label id=terms><input id=agreed type=checkbox><slot id=agree name=terms></slot></label></form><div id=pay class=p><div id=buy><slot name=link></slot><p id=timer role=timer></p><button id=check></button><button id=cancel></button></div><div><slot name=qr></slot><p id=scan></p></div></div><p id=status role=status></p><button id=retry class=o></button></dialog>',$.querySelectorAll("[id]").forEach(e=>(j[e.id]=e).part=e.id)
const{dialog:M,choice:Z}=j
return M.onclose=()=>i(!1),Z.onchange=s,j.close.onclick=n,j.retry.onclick=r,j.check.onclick=()=>d(),j.cancel.onclick=()=>d("/cancel"),{attach(){for(const[t,n]of[["qr","img"],["link","a"]]){const a=`${e.id}-${t}`
j[t]=f.getElementById(a)??e.appendChild(S(n,{id:a,slot:t,alt:"QR",width:208}))}k()},pay({balance:e=U.balance,required:n},a,i){if(L)return L
const o=L=new Promise(e=>z=e)
return h(J={request:a,required:n}),U={balance:e},t("starting"),i?l(i):r(),o},notice:t,close:n,wake:k,rest:C}})(this))}connectedCallback(){this.id||="paywall",this.attach()
for(const e of L)addEventListener(e,this.wake,!0)
this.matches("[intercept]")&&(window.fetch=j),l()}disconnectedCallback(){for(const e of L)removeEventListener(e,this.wake,!0)
this.rest()}async show(){const e=await this.pay({})
return p(),e&&w(1500).then(this.close),e}fetch(...e){return i(this,new Request(...e))}tell(e,t){return this.dispatchEvent(new CustomEvent(e,{detail:t,bubbles:!0,cancelable:!0}))}}
customElements.get("pay-per-use")||(customElements.define("pay-per-use",z),l(),"complete"===f.readyState?r():addEventListener("load",r))
export{j as fetch,p as forget}
