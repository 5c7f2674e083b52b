// Runs every *.test.mjs here against MVTI_URL, as many checks at once as there are processors, and then those
// that want to be alone. Quiet where all is well; the last line counts. ONLY=word runs some of them, SLOW_API=400 with answers that come late (lib.mjs).
import { readdirSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { BASE, checks, inLane, leave } from './lib.mjs';
import { measure } from './patience.mjs';

for (const file of readdirSync(import.meta.dirname)
  .filter((f) => f.endsWith('.test.mjs'))
  .sort())
  await import(`./${file}`);

let passed = 0;
let failed = 0;

async function run({ name, body }) {
  const start = Date.now();
  try {
    await body();
    passed += 1;
    if (process.env.VERBOSE) console.log(`ok ${name} (${Date.now() - start} ms)`);
  } catch (error) {
    failed += 1;
    console.log(
      `FAILED ${name}\n  ${String(error.stack ?? error)
        .split('\n')
        .slice(0, 12)
        .join('\n  ')}`,
    );
  }
  await leave();
}

const lane = (queue) =>
  inLane(async () => {
    for (let next = queue.shift(); next; next = queue.shift()) await run(next);
  });

if (process.env.VERBOSE) console.log(`slowness ${(await measure()).toFixed(1)}`);
const wanted = checks.filter((c) => !process.env.ONLY || c.name.includes(process.env.ONLY));
const beside = wanted.filter((c) => !c.alone);
await Promise.all(Array.from({ length: availableParallelism() }, () => lane(beside)));
await lane(wanted.filter((c) => c.alone));
if (passed + failed === 0) console.log(`no check ran against ${BASE}`);
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed || !passed ? 1 : 0;
