// The journey in the browsers of other makers (Chromium walks it in tests/browser). One that is not installed is skipped, saying so.
import { existsSync } from 'node:fs';
import { createServer } from 'node:net';
import { walk } from './journey.mjs';
import { firefox } from './puppeteer.mjs';
import { webkit } from './webkit.mjs';

let passed = 0;
let failed = 0;
let skipped = 0;

const freePort = () =>
  new Promise((found) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => found(port));
    });
  });

async function drive(engine) {
  if (!existsSync(engine.program)) {
    skipped += 1;
    console.log(`SKIPPED ${engine.name}: ${engine.program} is not installed`);
    return;
  }
  const browser = await engine.launch(await freePort());
  console.log(`${engine.name}: ${browser.version}`);
  try {
    await walk(browser, async (what, work) => {
      await work();
      passed += 1;
      console.log(`ok ${engine.name}: ${what}`);
    });
  } catch (error) {
    failed += 1;
    console.log(`FAILED ${engine.name}\n  ${String(error.stack ?? error)}`);
  }
  await browser.close();
}

for (const engine of [firefox, webkit]) await drive(engine);
console.log(`${passed} passed, ${failed} failed${skipped ? `, ${skipped} skipped` : ''}`);
process.exitCode = failed || !passed ? 1 : 0;
