/*! MIT 6a8e1b835e68c484 */
var e=e=>{try{return[sessionStorage,localStorage].map(e)}catch{return[]}},t=()=>u.pathname+u.search,n=()=>e(e=>e.removeItem(l)),a=t=>e(e=>e[l]=JSON.stringify({page:u.pathname,at:Date.now(),...t})),i=e=>(e.getAttribute("return-url")??t())+"#"+l,r=(e,t)=>{const n=e.getAttribute("sign-in")
if(n)return t&&a(t),u.assign(n+encodeURIComponent(i(e))),h(1e9)},o=async e=>{const t=(await e.clone().blob()).size>1e6?"�":await e.clone().text()
if(/\ufffd|; filename="./.test(t))return{}
const n=[...e.headers].filter(([e])=>"authorization"!==e)
return{url:e.url,method:e.method,headers:n,body:t||void 0}},s=e=>/^(nl|fr|de|)/i.exec(e.closest("[lang]")?.lang||navigator.language)[0].toLowerCase()||"en",l="pay-per-use",c=document,d=addEventListener,u=location,p=import.meta.url.split("/payments/paywall.js")[0],m=fetch.bind(window),h=e=>new Promise(t=>setTimeout(t,e)),b=e=>e.headers.get("Content-Type"),f=e=>/json/.test(b(e))?e.clone().json():{},y=(e,t)=>Object.assign(c.createElement(e),t),g=0,w=()=>c.querySelector(l)??c.body.appendChild(y(l)),v=async(e,t)=>{try{const n={"Content-Type":"application/json","Accept-Language":s(w())},a=await m(p+e,t?{method:"POST",headers:n,body:JSON.stringify(t)}:{headers:n})
return g=Date.parse(a.headers.get("Date"))-Date.now()||0,401===a.status&&/pay/.test(e)&&await r(w()),[await f(a),a]}catch{return[]}},k=e=>/ing$/.test(e?.status),x="Idempotency-Key",S="[data-pay-per-use]",T=(...e)=>w().fetch(...e),D=()=>crypto.getRandomValues(new Uint32Array(4)).join("-"),q=async(e,t,a)=>{if(!t.url.startsWith(u.origin+"/"))return m(t)
for(/GET|HEAD/.test(t.method)||t.headers.has(x)||t.headers.set(x,D());;){const i=m(t.clone()),s=await i.catch(()=>{}),l=s?.status,c=/402|409/.test(l)?await f(s):{}
if(402===l&&await e.e(c,await o(t)))a=!0
else{if(s?"in-progress"!==c.code:!a||t.signal.aborted)return 401===l&&await r(e,{request:await o(t)}),(a||402===l)&&n(),a&&e.t(),i
await h(1500)}}},C=async()=>{const{request:a,payment:i,required:r,at:o}=(()=>{const n=u.hash==="#"+l
n&&history.replaceState(history.state,"",t())
const[a,i]=e(e=>e[l]),r=JSON.parse(a??(n&&i)??null)
return r?.at>Date.now()-36e5&&(n||r.page===u.pathname)?r:{}})()
if(!o)return
const s=w()
if(s.n("resume",a),E(a),i||!a){let e,t
for(;i&&([e,t]=await v("/payments/"+i))&&!(t?.status<429);)await h(3e3)
if(t&&!t.ok||!await s.e({required:r},a,e))return n()}if(a?.url)return N(s,await q(s,new Request(a.url,a),!0),a)
n(),h(1500).then(s.t)},N=async(e,t,n)=>{const a=t.redirected?t.url:t.ok&&t.headers.get("Location")
if(e.n("answer",{response:t,request:n}))if(a)u.assign(a)
else if(/html/.test(b(t))){const e=await t.text()
c.open(),c.write(e),c.close(),$()}else t.ok||402===t.status||e.a("error")},P=(e,t)=>new URL(e?.getAttribute("formaction")??t.getAttribute("action")??"",u).href,j=async(e,t)=>{const n=w(),a=P(t,e),i=e.elements.idempotencyKey??e.appendChild(y("input",{type:"hidden",name:"idempotencyKey"}))
i.value||=D()
const r=new FormData(e,t),o=e.enctype.startsWith("multipart")?r:new URLSearchParams(r)
e.ariaBusy="true"
try{const e=await n.fetch(a,{method:"POST",headers:{Accept:"text/html",[x]:i.value},body:o})
n.t(),await N(n,e,{url:a}),e.ok&&(i.value="")}catch{if(n.a("offline"),await h(3e3),n.matches("[open]"))return j(e,t)}e.ariaBusy=null},E=e=>{for(const t of c.querySelectorAll("form"+S))if([t,...t.elements].some(n=>P(n,t)===e?.url))for(const[n,a]of new URLSearchParams(e.body)){const e=t.elements[n]
e&&(e.value=a,e.checked=!0)}},z=e=>{const{target:t,submitter:n,defaultPrevented:a}=e
!a&&t.matches(S)&&"post"===t.method&&(e.preventDefault(),"true"!==t.ariaBusy&&j(t,n))},O=e=>{e.target.closest("button"+S)&&(e.preventDefault(),w().show())},W=()=>{c.querySelectorAll(l).forEach(e=>e.i())},$=()=>{d("submit",z),d("click",O),d("online",W),d("visibilitychange",W,!0)},B=class extends HTMLElement{constructor(){super(),Object.assign(this,(e=>{const t={}
let n,r,o,l,d,u,m,h,b,f,w=[],x={},S={},T={}
const D=e.attachShadow({mode:"open"}),q=new CSSStyleSheet
q.replaceSync(":host{display:none;position:fixed;inset:0;--a:var(--pay-accent,light-dark(#1d4fc4,#a9c5ff));--r:var(--pay-radius,.7rem)}:host([open]){display:block}dialog{box-sizing:border-box;width:40rem;padding:1.5rem;border:1px solid #8886;border-radius:var(--r);background:var(--pay-surface,Canvas);color:var(--pay-text,CanvasText);font:1rem/1.5 var(--pay-font,system-ui)}::backdrop{background:#0a1020bb}dialog:not(.p) .p,dialog:not(.o) .o,[hidden]{display:none!important}h2{margin:0;font-size:1.5rem;font-family:var(--pay-title-font,inherit);line-height:1.2;outline:0}p{margin:.5rem 0 0}button,label,::slotted(a){padding:.7rem!important;border:1px solid #888;border-radius:var(--r);background:none;color:inherit;font:inherit;cursor:pointer}#retry,::slotted(a){background:var(--a)!important;color:var(--pay-on-accent,light-dark(#fff,#0a2257))!important;font-weight:600;text-decoration:none!important}button:hover,label:hover,label:has(:checked),::slotted(a:hover){box-shadow:0 0 0 2px var(--a)}#close{float:right;margin-left:1rem}#pay,#buy,form,fieldset{display:grid;gap:.6rem;margin:1rem 0;padding:0;border:0}#pay{grid-template-columns:repeat(auto-fit,minmax(min(15rem,100%),1fr));align-items:center;text-align:center}label{display:flex;gap:.6rem;accent-color:var(--a)}::slotted(img){max-width:100%;border-radius:var(--r)}#status{margin:1rem 0;font-weight:600}.o #status{color:var(--pay-bad,light-dark(#a3201a,#ffb4ab))}"),D.adoptedStyleSheets=[q],D.innerHTML="<dialog id=dialog aria-labelledby=title><button id=close></button><h2 id=title tabindex=-1 autofocus></h2><p><span id=balance></span><span id=required></span><p id=kept><form id=choice><fieldset id=packs name=pack aria-label=Credits></fieldset><fieldset id=providers name=provider></fieldset><label id=terms><input id=agreed type=checkbox><slot id=agree name=terms></slot></label></form><div id=pay class=p><div id=buy><slot name=link></slot><p id=timer role=timer></p><button id=check></button><button id=cancel></button></div><div><slot name=qr></slot><p id=scan></div></div><p id=status role=status></p><button id=retry class=o></button></dialog>",D.querySelectorAll("[id]").forEach(e=>(t[e.id]=e).part=e.id)
const{dialog:C,choice:N}=t,P=(...t)=>((e,t,n,a)=>{const i=`title|# credits for $|# credits voor $|# crédits pour $|# Credits für $
balance|Your balance: #|Je tegoed: #|Votre solde : #|Guthaben: #
required| · needed: #| · nodig: #| · nécessaire : #| · nötig: #
kept|What you filled in is kept.|Wat je invulde, blijft bewaard.|Votre saisie est conservée.|Die Eingaben bleiben erhalten.
by|Pay with|Betaal met|Payer avec|Bezahlen mit
link|Order and pay: |Bestellen en betalen: |Commander et payer : |Zahlungspflichtig bestellen: 
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
close|Close|Sluiten|Fermer|Schließen`.split("\n").find(e=>e.startsWith(t+"|"))?.split("|"),r=i?.["ennlfrde".indexOf(e)/2+1],o=r?.replace(1===n&&"dits","dit").replace("#",n??"~").replace("$",()=>a?((e,{amount:t,currency:n})=>{const a=new Intl.NumberFormat(e,{style:"currency",currency:n})
return a.format(t/10**a.resolvedOptions().maximumFractionDigits)})(e,a):"~")
return/~/.test(o)?"":o})(s(e),...t),j=t=>{n=null,e.setAttribute("open",""),C.open||C.showModal(),Z(t),M()},E=()=>C.close(),z=t=>{const a=l
l=o=null,t?(n={...n,status:"paid"},Z("paid"),e.n("paid",n)):e.removeAttribute("open"),M(),a?.(t)},O=()=>(n=null,clearTimeout(d),Z("offline"===r?r:"starting"),o),W=async()=>{if(!O())return
const[e,n]=await v("/payments/packs")
if(!n?.ok)return R(n)
w=e.packs,f!==e.consent&&(t.agreed.checked=!1),f=e.consent,t.agree.textContent=e.consentText,$(t.packs,w,e=>P("title",e.credits,e.price)),$(t.providers,e.providers,e=>e.name),t.providers.ariaLabel=P("by"),B()},$=(e,t,n)=>{e.hidden=!t[1],e.replaceChildren(...t.map((t,a)=>{const i=y("label"),r=!a||t.id===T[e.name]
return i.append(y("input",{type:"radio",name:e.name,value:t.id,checked:r}),n(t)),i}))},B=async()=>{if(T=Object.fromEntries(new FormData(N)),!O())return
if(f&&!t.agreed.checked)return Z("terms")
const n=b=v("/payments/create",{...T,consent:f,returnUrl:i(e)}),[a,r]=await n
n===b&&(r?.ok?I(a):R(r))},R=e=>{Z(e?"error":"offline"),e||(d=setTimeout(W,3e3))},I=e=>{if(o){if(T=n=e,S.payment!==n.id&&(t.qr.src=n.qrCode),S.payment=n.id,a(S),t.link.href=n.checkoutUrl,"paid"===n.status)return z(!0)
Z(n.status),U()}},L=e=>{Z("starting"),J(e)},J=async(e="")=>{const{id:t}=n,[a,i]=await v("/payments/"+t+e,e&&{})
U(),t===n?.id&&(i?.ok?I(a):e&&i?J():Z("offline"))},U=()=>{clearTimeout(d),o&&k(n)&&(d=setTimeout(J,3e3))},Z=e=>{const n=r===e
r=e,A()
const a=D.activeElement??c.activeElement
n||C.matches(":focus-within")&&a.checkVisibility()||t.title.focus()},A=()=>{const a=n??w.find(e=>e.id===T.pack)??w[0]??{},i=P("title",a.credits,a.price)||"Credits",l=(Date.parse(n?.expiresAt)-Date.now()-g)/1e3,c={timer:l>0?[l/60,l%60].map(e=>(""+(0|e)).padStart(2,0)).join(":"):null,...x,...S}
for(const e in t){let n="title"===e?i:"status"===e?P(r)??"":P(e,c[e])
"link"===e&&(n+=i),null!=n&&t[e].textContent!==n&&(t[e].textContent=n)}t.kept.hidden=!S.request,t.terms.hidden=!f,C.className=k(n)?"p":o&&/ed$|error/.test(r)?"o":"",C.lang=s(e)},M=()=>{h?.close(),clearTimeout(u),clearInterval(m),!c.hidden&&e.isConnected&&(o||e.matches("[live]"))&&V(),o&&(m=setInterval(A,1e3),k(n)?J():"offline"===r&&W())},V=()=>{const e=h=new EventSource(p+"/credits/events")
e.addEventListener("balance",e=>F(JSON.parse(e.data))),e.onerror=async()=>{if(e.readyState<2||e!==h)return
u=setTimeout(V,1e4)
const[t,n]=await v("/credits/status")
n?.ok&&F(t),401===n?.status&&clearTimeout(u)}},F=t=>{const a=x.balance
x=t,c.querySelectorAll("[data-pay-per-use-balance]").forEach(e=>e.textContent=t.balance),e.n("balance",t),o&&(t.balance>=S.required?z(!0):t.balance>a&&k(n)&&J())}
return C.onclose=()=>C.open||z(!1),N.onchange=B,N.onsubmit=()=>!1,t.close.onclick=E,t.retry.onclick=W,t.check.onclick=()=>L(),t.cancel.onclick=()=>L("/cancel"),{r(){for(const[n,a]of[["qr","img"],["link","a"]]){const i=y(a,{id:`${e.id}-${n}`,slot:n,alt:"QR",width:208})
t[n]=e.querySelector(`[slot=${n}]`)??e.appendChild(i)}C.open&&(C.open=!1,C.showModal()),M()},e({balance:e=x.balance,required:t,packs:n=w},i,r){if(o)return o
const s=o=new Promise(e=>l=e)
return a(S={request:i,required:t}),x={balance:e},w=n,j("starting"),r?I(r):W(),s},a:j,close:E,t:()=>o||E(),i:M}})(this))}connectedCallback(){this.id||="paywall",this.r(),this.matches("[intercept]")&&(window.fetch=T)}disconnectedCallback(){this.i(),queueMicrotask(()=>this.isConnected||this.close())}async show(){const e=await this.e({})
return n(),e&&h(1500).then(this.t),e}async fetch(...e){return q(this,new Request(...e))}n(e,t){return this.dispatchEvent(new CustomEvent(e,{detail:t,bubbles:!0,cancelable:!0}))}}
customElements.get(l)||(customElements.define("pay-per-use",B),$(),"complete"===c.readyState?C():d("load",C))
export{T as fetch,n as forget}
