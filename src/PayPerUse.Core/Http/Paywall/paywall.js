/*! MIT 1571a18f8eafe0a3 */
var e=e=>{try{return[sessionStorage,localStorage].map(e)}catch{return[]}},t=()=>u.pathname+u.search,a=()=>e(e=>e.removeItem(l)),n=t=>e(e=>e[l]=JSON.stringify({page:u.pathname,at:Date.now(),...t})),i=e=>(e.getAttribute("return-url")??t())+"#"+l,r=(e,t)=>{const a=e.getAttribute("sign-in")
if(a)return t&&n(t),u.assign(a+encodeURIComponent(i(e))),h(1e9)},o=async e=>{const t=(await e.clone().blob()).size>1e6?"�":await e.clone().text()
if(/\ufffd|; filename="./.test(t))return{}
const a=[...e.headers].filter(([e])=>"authorization"!==e)
return{url:e.url,method:e.method,headers:a,body:t||void 0}},s=e=>/^(nl|fr|de|)/i.exec(e.closest("[lang]")?.lang||navigator.language)[0].toLowerCase()||"en",l="pay-per-use",c=document,d=addEventListener,u=location,p=import.meta.url.split("/payments/paywall.js")[0],m=fetch.bind(window),h=e=>new Promise(t=>setTimeout(t,e)),b=e=>e.headers.get("Content-Type"),f=e=>/json/.test(b(e))?e.clone().json():{},y=(e,t)=>Object.assign(c.createElement(e),t),g=0,w=()=>c.querySelector(l)??c.body.appendChild(y(l)),v=async(e,t)=>{try{const a={"Content-Type":"application/json","Accept-Language":s(w())},n=await m(p+e,t?{method:"POST",headers:a,body:JSON.stringify(t)}:{headers:a})
return g=Date.parse(n.headers.get("Date"))-Date.now()||0,401===n.status&&/pay/.test(e)&&await r(w()),[await f(n),n]}catch{return[]}},k=e=>/ing$/.test(e?.status),x="Idempotency-Key",S="[data-pay-per-use]",T=(...e)=>w().fetch(...e),D=()=>crypto.getRandomValues(new Uint32Array(4)).join("-"),q=async(e,t,n)=>{if(!t.url.startsWith(u.origin+"/"))return m(t)
for(/GET|HEAD/.test(t.method)||t.headers.has(x)||t.headers.set(x,D());;){const i=m(t.clone()),s=await i.catch(()=>{}),l=s?.status,c=/402|409/.test(l)?await f(s):{}
if(402===l&&await e.e(c,await o(t)))n=!0
else{if(s?"in-progress"!==c.code:!n||t.signal.aborted)return 401===l&&await r(e,{request:await o(t)}),(n||402===l)&&a(),n&&e.t(),i
await h(1500)}}},C=async()=>{const{request:n,payment:i,required:r,at:o}=(()=>{const a=u.hash==="#"+l
a&&history.replaceState(history.state,"",t())
const[n,i]=e(e=>e[l]),r=JSON.parse(n??(a&&i)??null)
return r?.at>Date.now()-36e5&&(a||r.page===u.pathname)?r:{}})()
if(!o)return
const s=w()
if(s.a("resume",n),E(n),i||!n){let e,t
for(;i&&([e,t]=await v("/payments/"+i))&&!(t?.status<429);)await h(3e3)
if(t&&!t.ok||!await s.e({required:r},n,e))return a()}if(n?.url)return N(s,await q(s,new Request(n.url,n),!0),n)
a(),h(1500).then(s.t)},N=async(e,t,a)=>{const n=t.redirected?t.url:t.ok&&t.headers.get("Location")
if(e.a("answer",{response:t,request:a}))if(n)u.assign(n)
else if(/html/.test(b(t))){const e=await t.text()
c.open(),c.write(e),c.close(),$()}else t.ok||402===t.status||e.n("error")},P=(e,t)=>new URL(e?.getAttribute("formaction")??t.getAttribute("action")??"",u).href,j=async(e,t)=>{const a=w(),n=P(t,e),i=e.elements.idempotencyKey??e.appendChild(y("input",{type:"hidden",name:"idempotencyKey"}))
i.value||=D()
const r=new FormData(e,t),o=e.enctype.startsWith("multipart")?r:new URLSearchParams(r)
e.ariaBusy="true"
try{const e=await a.fetch(n,{method:"POST",headers:{Accept:"text/html",[x]:i.value},body:o})
a.t(),await N(a,e,{url:n}),e.ok&&(i.value="")}catch{if(a.n("offline"),await h(3e3),a.matches("[open]"))return j(e,t)}e.ariaBusy=null},E=e=>{for(const t of c.querySelectorAll("form"+S))if([t,...t.elements].some(a=>P(a,t)===e?.url))for(const[a,n]of new URLSearchParams(e.body)){const e=t.elements[a]
e&&(e.value=n,e.checked=!0)}},z=e=>{const{target:t,submitter:a,defaultPrevented:n}=e
!n&&t.matches(S)&&"post"===t.method&&(e.preventDefault(),"true"!==t.ariaBusy&&j(t,a))},O=e=>{e.target.closest("button"+S)&&(e.preventDefault(),w().show())},W=()=>{c.querySelectorAll(l).forEach(e=>e.i())},$=()=>{d("submit",z),d("click",O),d("online",W),d("visibilitychange",W,!0)},B=class extends HTMLElement{constructor(){super(),Object.assign(this,(e=>{const t={}
let a,r,o,l,d,u,m,h,b,f,w=[],x={},S={},T={}
const D=e.attachShadow({mode:"open"}),q=new CSSStyleSheet
q.replaceSync(":host{display:none;position:fixed;inset:0;--a:var(--pay-accent,light-dark(#1d4fc4,#a9c5ff));--r:var(--pay-radius,.7rem)}:host([open]){display:block}dialog{box-sizing:border-box;width:40rem;padding:1.5rem;border:1px solid #8886;border-radius:var(--r);background:var(--pay-surface,Canvas);color:var(--pay-text,CanvasText);font:1rem/1.5 var(--pay-font,system-ui);overflow-wrap:anywhere}::backdrop{background:#012b}dialog:not(.p) .p,dialog:not(.o) .o,[hidden]{display:none!important}h2{margin:0;font-size:1.5rem;font-family:var(--pay-title-font,inherit);line-height:1.2;outline:0}p{margin:.5rem 0 0}button,label,::slotted(a){padding:.7rem!important;border:1px solid #888;border-radius:var(--r);background:none;color:inherit;font:inherit}#retry,::slotted(a){background:var(--a)!important;color:var(--pay-on-accent,light-dark(#fff,#0a2257))!important;font-weight:600;text-decoration:none!important}button:hover,label:hover,label:has(:checked),::slotted(a:hover){box-shadow:0 0 0 2px var(--a)}#close{float:right;margin-left:1rem}#pay,#buy,form,fieldset{display:grid;gap:.6rem;margin:1rem 0;padding:0;border:0}#pay{grid-template-columns:repeat(auto-fit,minmax(min(15rem,100%),1fr));align-items:center;text-align:center}label{display:flex;gap:.6rem;accent-color:var(--a)}::slotted(img){max-width:100%;border-radius:var(--r)}#status{margin:1rem 0;font-weight:600}.o #status{color:var(--pay-bad,light-dark(#a3201a,#ffb4ab))}"),D.adoptedStyleSheets=[q],D.innerHTML="<dialog id=dialog aria-labelledby=title><button id=close></button><h2 id=title tabindex=-1 autofocus></h2><p><span id=balance></span><span id=required></span><p id=kept><form id=choice><fieldset id=packs name=pack aria-label=Credits></fieldset><fieldset id=providers name=provider></fieldset><label id=terms><input id=agreed type=checkbox><slot id=agree name=terms></slot></label></form><div id=pay class=p><div id=buy><slot name=link></slot><p id=timer role=timer></p><button id=check></button><button id=cancel></button></div><div><slot name=qr></slot><p id=scan></div></div><p id=status role=status></p><button id=retry class=o></button></dialog>",D.querySelectorAll("[id]").forEach(e=>(t[e.id]=e).part=e.id)
const{dialog:C,choice:N}=t,P=(...t)=>((e,t,a,n)=>{const i=`title|# credits for $|# credits voor $|# crédits pour $|# Credits für $
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
close|Close|Sluiten|Fermer|Schließen`.split("\n").find(e=>e.startsWith(t+"|"))?.split("|"),r=i?.["ennlfrde".indexOf(e)/2+1],o=r?.replace(1===a&&"dits","dit").replace("#",a??"~").replace("$",()=>n?((e,{amount:t,currency:a})=>{const n=new Intl.NumberFormat(e,{style:"currency",currency:a})
return n.format(t/10**n.resolvedOptions().maximumFractionDigits)})(e,n):"~")
return/~/.test(o)?"":o})(s(e),...t),j=t=>{a=null,e.setAttribute("open",""),C.open||C.showModal(),Z(t),M()},E=()=>C.close(),z=t=>{const n=l
l=o=null,t?(a={...a,status:"paid"},Z("paid"),e.a("paid",a)):e.removeAttribute("open"),M(),n?.(t)},O=()=>(a=null,clearTimeout(d),Z("offline"===r?r:"starting"),o),W=async()=>{if(!O())return
const[e,a]=await v("/payments/packs")
if(!a?.ok)return R(a)
w=e.packs,f!==e.consent&&(t.agreed.checked=!1),f=e.consent,t.agree.textContent=e.consentText,$(t.packs,w,e=>P("title",e.credits,e.price)),$(t.providers,e.providers,e=>e.name),t.providers.ariaLabel=P("by"),B()},$=(e,t,a)=>{e.hidden=!t[1],e.replaceChildren(...t.map((t,n)=>{const i=y("label"),r=!n||t.id===T[e.name]
return i.append(y("input",{type:"radio",name:e.name,value:t.id,checked:r}),a(t)),i}))},B=async()=>{if(T=Object.fromEntries(new FormData(N)),!O())return
if(f&&!t.agreed.checked)return Z("terms")
const a=b=v("/payments/create",{...T,consent:f,returnUrl:i(e)}),[n,r]=await a
a===b&&(r?.ok?I(n):R(r))},R=e=>{Z(e?"error":"offline"),e||(d=setTimeout(W,3e3))},I=e=>{if(o){if(T=a=e,S.payment!==a.id&&(t.qr.src=a.qrCode),S.payment=a.id,n(S),t.link.href=a.checkoutUrl,"paid"===a.status)return z(!0)
Z(a.status),U()}},L=e=>{Z("starting"),J(e)},J=async(e="")=>{const{id:t}=a,[n,i]=await v("/payments/"+t+e,e&&{})
U(),t===a?.id&&(i?.ok?I(n):e&&i?J():Z("offline"))},U=()=>{clearTimeout(d),o&&k(a)&&(d=setTimeout(J,3e3))},Z=e=>{const a=r===e
r=e,A()
const n=D.activeElement??c.activeElement
a||C.matches(":focus-within")&&n.checkVisibility()||t.title.focus()},A=()=>{const n=a??w.find(e=>e.id===T.pack)??w[0]??{},i=P("title",n.credits,n.price)||"Credits",l=(Date.parse(a?.expiresAt)-Date.now()-g)/1e3,c={timer:l>0?[l/60,l%60].map(e=>(""+(0|e)).padStart(2,0)).join(":"):null,...x,...S}
for(const e in t){let a="title"===e?i:"status"===e?P(r)??"":P(e,c[e])
"link"===e&&(a+=i),null!=a&&t[e].textContent!==a&&(t[e].textContent=a)}t.kept.hidden=!S.request,t.terms.hidden=!f,C.className=k(a)?"p":o&&/ed$|error/.test(r)?"o":"",C.lang=s(e)},M=()=>{h?.close(),clearTimeout(u),clearInterval(m),!c.hidden&&e.isConnected&&(o||e.matches("[live]"))&&V(),o&&(m=setInterval(A,1e3),k(a)?J():"offline"===r&&W())},V=()=>{const e=h=new EventSource(p+"/credits/events")
e.addEventListener("balance",e=>F(JSON.parse(e.data))),e.onerror=async()=>{if(e.readyState<2||e!==h)return
u=setTimeout(V,1e4)
const[t,a]=await v("/credits/status")
a?.ok&&F(t),401===a?.status&&clearTimeout(u)}},F=t=>{const n=x.balance
x=t,c.querySelectorAll("[data-pay-per-use-balance]").forEach(e=>e.textContent=t.balance),e.a("balance",t),o&&(t.balance>=S.required?z(!0):t.balance>n&&k(a)&&J())}
return C.onclose=()=>C.open||z(!1),N.onchange=B,N.onsubmit=()=>!1,t.close.onclick=E,t.retry.onclick=W,t.check.onclick=()=>L(),t.cancel.onclick=()=>L("/cancel"),{r(){for(const[a,n]of[["qr","img"],["link","a"]]){const i=y(n,{id:`${e.id}-${a}`,slot:a,alt:"QR",width:208})
t[a]=e.querySelector(`[slot=${a}]`)??e.appendChild(i)}C.open&&(C.open=!1,C.showModal()),M()},e({balance:e=x.balance,required:t,packs:a=w},i,r){if(o)return o
const s=o=new Promise(e=>l=e)
return n(S={request:i,required:t}),x={balance:e},w=a,j("starting"),r?I(r):W(),s},n:j,close:E,t:()=>o||E(),i:M}})(this))}connectedCallback(){this.id||="paywall",this.r(),this.matches("[intercept]")&&(window.fetch=T)}disconnectedCallback(){this.i(),queueMicrotask(()=>this.isConnected||this.close())}async show(){const e=await this.e({})
return a(),e&&h(1500).then(this.t),e}async fetch(...e){return q(this,new Request(...e))}a(e,t){return this.dispatchEvent(new CustomEvent(e,{detail:t,bubbles:!0,cancelable:!0}))}}
customElements.get(l)||(customElements.define("pay-per-use",B),$(),"complete"===c.readyState?C():d("load",C))
export{T as fetch,a as forget}
