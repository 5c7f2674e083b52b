// Waiting in seconds of the reference machine, counted as they pass: tests/fixture/patience.h says how, and its program measures.
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';

const ROOT = join(import.meta.dirname, '../..');
const PROGRAM = join(process.env.BUILD ?? 'build', 'tests/harness/patience');
const STRETCHES = 4; // as in tests/fixture/patience.c
const SHORTEST = 5;
const SECONDS = 30; // that what a page shows may take
const STALE = 20000; // milliseconds after which a busy machine may be another one

const run = promisify(execFile);
let slowness = Math.max(1, Number(process.env.MVTI_TEST_SLOWNESS) || 1);
let measured = process.env.MVTI_TEST_SLOWNESS ? performance.now() : -Infinity;
let measuring = null; // one at a time, for all lanes

async function ask() {
  if (!existsSync(join(ROOT, PROGRAM))) await run('make', ['-s', PROGRAM], { cwd: ROOT });
  slowness = Math.max(1, Number((await run(join(ROOT, PROGRAM), ['measure'])).stdout));
  measured = performance.now();
  return slowness;
}

/** How many times slower than the reference this machine is at the moment. */
export function measure() {
  measuring ??= ask().finally(() => (measuring = null));
  return measuring;
}

/** Milliseconds after which a browser's own waiting may give up, by what was measured not long ago. */
export async function patience() {
  if (performance.now() - measured > STALE) await measure();
  return 1000 * SECONDS * slowness;
}

/** So many seconds of the reference. */
class Patience {
  constructor(seconds) {
    this.left = seconds;
    this.longest = Math.max(seconds / STRETCHES, SHORTEST);
    this.counted = performance.now();
    this.slow = slowness;
  }

  /** Counts what has passed; false once all of it is used up. */
  async lasts() {
    const passed = (performance.now() - this.counted) / 1000;
    if (passed < Math.min(this.left, this.longest) * this.slow) return true;
    const before = this.slow;
    this.slow = await measure();
    this.counted = performance.now();
    this.left -= passed / Math.max(before, this.slow);
    return this.left > 0;
  }
}

/** Asks again and again, with a short rest, until holds() (which may be async); whether it ever did. */
export async function eventually(holds) {
  const time = new Patience(SECONDS);
  while (!(await holds())) {
    if (!(await time.lasts())) return false;
    await new Promise((done) => setTimeout(done, 50));
  }
  return true;
}
