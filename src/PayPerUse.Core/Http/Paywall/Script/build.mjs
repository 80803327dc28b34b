// Makes ../paywall.js of the files in this folder: npm install && npm run build. What is served is committed, so that building
// the package needs neither.
import { createHash } from "node:crypto";
import { readdir, readFile, writeFile } from "node:fs/promises";
import esbuild from "esbuild";
import { minify } from "terser";

const here = new URL(".", import.meta.url);
const read = name => readFile(new URL(name, here), "utf8");

const texts = {
  name: "texts",
  setup(build) {
    build.onLoad({ filter: /\.css$/ }, async ({ path }) => {
      const { code } = await esbuild.transform(await readFile(path, "utf8"), { loader: "css", minify: true, charset: "utf8" });
      return { contents: code.trim().replace(/([,:]) /g, "$1"), loader: "text" };
    });
    build.onLoad({ filter: /\.txt$/ }, async ({ path }) => ({ contents: (await readFile(path, "utf8")).trim(), loader: "text" }));
    build.onLoad({ filter: /\.html$/ }, async ({ path }) => ({
      // Quotes and end tags that HTML can do without are left out.
      contents: (await readFile(path, "utf8"))
        .replace(/\s*\n\s*/g, "")
        .replace(/="([\w-]+)"/g, "=$1")
        .replace(/<\/p>(?=<p|<form|<\/div)/g, ""),
      loader: "text"
    }));
  }
};

const { outputFiles } = await esbuild.build({
  entryPoints: [new URL("index.js", here).pathname],
  bundle: true,
  write: false,
  format: "esm",
  target: "es2022",
  charset: "utf8",
  plugins: [texts]
});

const { code } = await minify(outputFiles[0].text, {
  module: true,
  ecma: 2020,
  // What the modules call on the element, and nobody else does.
  mangle: { properties: { builtins: true, regex: /^(attach|leave|notice|pay|tell|wake)$/ } },
  compress: { passes: 3, hoist_funs: true, hoist_props: true, unsafe_arrows: true, unsafe_methods: true },
  format: { semicolons: false }
});

// A test compares this with the sources, so that what is served is never older than they are.
const sources = createHash("sha256");
for (const name of (await readdir(here)).sort()) {
  if (/\.(js|css|html|txt)$/.test(name)) sources.update(await read(name));
}
// A line break in a template is one byte, in a string two.
const lines = code.replace(/"[^"]*\\n[^"]*"/, text => `\`${text.slice(1, -1).replaceAll("\\n", "\n")}\``);
const script = `/*! MIT ${sources.digest("hex").slice(0, 16)} */\n${lines}`;
await writeFile(new URL("../paywall.js", here), script);
console.log(`${Buffer.byteLength(script)} bytes`);
