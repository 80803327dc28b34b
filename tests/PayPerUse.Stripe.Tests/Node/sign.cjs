// Signs lines of JSON {payload, secret, timestamp} as Stripe's own package for Node does, one header a line.
// usage: node sign.cjs NODE_MODULES <lines >headers
const { createRequire } = require("node:module");
const path = require("node:path");
const readline = require("node:readline");

const load = createRequire(path.resolve(process.argv[2], "here.js"));
const stripe = load("stripe");
const Stripe = stripe.default ?? stripe;
const { webhooks } = new Stripe("sk_test_unused");

readline.createInterface({ input: process.stdin }).on("line", (line) => {
  const { payload, secret, timestamp } = JSON.parse(line);
  console.log(webhooks.generateTestHeaderString({ payload, secret, timestamp }));
});
