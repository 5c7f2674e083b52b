// Runs every *.test.mjs here against MVTI_URL. Quiet where all is well; the last line counts. ONLY=word runs some of them.
import { readdirSync } from 'node:fs';
import { BASE, checks, close, leave, measure } from './lib.mjs';

for (const file of (process.env.FILES?.split(' ') ?? readdirSync(import.meta.dirname))
  .filter((f) => f.endsWith('.test.mjs'))
  .sort())
  await import(`./${file}`);

try {
  const slowness = await measure();
  if (process.env.VERBOSE) console.log(`slowness ${slowness.toFixed(1)}`);
} catch (error) {
  console.log(`the first page does not open: ${error.message}`);
}
let passed = 0;
let failed = 0;
for (const { name, body } of checks) {
  if (process.env.ONLY && !name.includes(process.env.ONLY)) continue;
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
await close();
if (passed + failed === 0) console.log(`no check ran against ${BASE}`);
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed || !passed ? 1 : 0;
