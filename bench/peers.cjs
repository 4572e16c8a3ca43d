// Carbone and docxtemplater for the comparison: reads one task a line (JSON), answers with one line each.
// A task: {"peer": …, "template": path, "data": {…}, "out": path, "pdf": bool, "runs": n}; the answer has the seconds of
// each of the runs, or "error".
"use strict";
const fs = require("fs");
const readline = require("readline");

async function carbone(task) {
  const engine = require("carbone");
  const options = task.pdf ? { convertTo: "pdf" } : {};
  return new Promise((done, failed) =>
    engine.render(task.template, task.data, options, (error, made) => (error ? failed(error) : done(made)))
  );
}

async function docxtemplater(task) {
  const Zip = require("pizzip");
  const Template = require("docxtemplater");
  const made = new Template(new Zip(fs.readFileSync(task.template)), { paragraphLoop: true, linebreaks: true });
  made.render(task.data);
  return made.toBuffer();
}

const PATIENCE_SECONDS = 60;

function inTime(work) {
  const late = new Promise((_, failed) => {
    setTimeout(() => failed(new Error(`not done after ${PATIENCE_SECONDS} s`)), PATIENCE_SECONDS * 1000).unref();
  });
  return Promise.race([work, late]);
}

const PEERS = { carbone, docxtemplater };

async function answer(task) {
  const seconds = [];
  let made;
  for (let run = 0; run < (task.runs || 1); run++) {
    const start = process.hrtime.bigint();
    made = await inTime(PEERS[task.peer](task));
    seconds.push(Number(process.hrtime.bigint() - start) / 1e9);
  }
  fs.writeFileSync(task.out, made);
  return { seconds };
}

(async () => {
  for await (const line of readline.createInterface({ input: process.stdin })) {
    let told;
    try {
      told = await answer(JSON.parse(line));
    } catch (error) {
      told = { error: String(error) };
    }
    process.stdout.write(JSON.stringify(told) + "\n");
  }
  process.exit(0);
})();
