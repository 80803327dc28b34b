"""Uses a freshly made app as its customers would: refused, pays at the simulated bank, gets the letter, is refused again."""

import argparse
import json
import time
import urllib.error
import urllib.request

arguments = argparse.ArgumentParser()
arguments.add_argument("base")
arguments.add_argument("--providers", nargs="+")
arguments = arguments.parse_args()
cookie = None


def call(method, path, body=None):
    headers = {"Accept": "application/json"}
    if cookie:
        headers["Cookie"] = cookie
    if body is not None:
        headers["Content-Type"] = "application/json"
    data = None if body is None else json.dumps(body).encode()
    if method == "POST" and data is None:
        data = b""
    request = urllib.request.Request(arguments.base + path, data, headers, method=method)
    try:
        answer = urllib.request.urlopen(request, timeout=30)
    except urllib.error.HTTPError as error:
        answer = error
    text = answer.read().decode()
    kind = answer.headers.get("Content-Type", "")
    return answer.status, json.loads(text) if "json" in kind else text, answer.headers


def expect(what, actual, wanted):
    if actual != wanted:
        raise SystemExit(f"{what}: expected {wanted!r}, got {actual!r}")
    print(f"ok: {what}")


status, body, _ = call("POST", "/letters")
expect("a stranger is refused", (status, body["code"]), (401, body["code"]))

_, _, headers = call("POST", "/signin/anna")
cookie = headers["Set-Cookie"].split(";")[0]

status, body, headers = call("POST", "/letters")
expect("without credits: 402", (status, headers["Content-Type"].split(";")[0]), (402, "application/problem+json"))
expect("which offers a pack", [(p["id"], p["credits"], p["price"]["amount"]) for p in body["packs"]], [("five", 5, 100)])

status, body, _ = call("GET", "/payments/packs")
expect("the providers", (status, sorted(p["id"] for p in body["providers"])), (200, sorted(arguments.providers)))

status, payment, _ = call("POST", "/payments/create", {"pack": "five", "provider": "payconiq"})
expect("a payment is made", (status, payment["status"]), (201, "pending"))

bank_id = payment["checkoutUrl"].rstrip("/").split("/")[-1]
status, _, _ = call("POST", f"/simulator/bancontact/payments/{bank_id}/approve")
expect("the bank takes it", status < 400, True)
until = time.monotonic() + 30
while payment["status"] != "paid" and time.monotonic() < until:
    time.sleep(0.2)
    _, payment, _ = call("GET", f"/payments/{payment['id']}")
expect("it is paid", payment["status"], "paid")

for left in range(4, -1, -1):
    status, body, _ = call("POST", "/letters")
    expect("a letter is written", (status, "text" in body), (200, True))
    _, body, _ = call("GET", "/credits/status")
    expect("and charged", body["balance"], left)

status, _, _ = call("POST", "/letters")
expect("the sixth is refused", status, 402)
